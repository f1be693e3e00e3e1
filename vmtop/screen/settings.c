/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Settings: lines of "key = value" in $XDG_CONFIG_HOME/vmtop/settings. What
 * this version does not know is reported, and lost once settings are saved.
 */
#include "vmtop/screen/view_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES	4096
#define LINE_BYTES	1024

/* false: there is no place for them. */
static bool settings_path(char path[PATH_BYTES], bool make)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	char dir[PATH_BYTES - 32];
	int n;

	if (config && *config == '/')
		n = snprintf(dir, sizeof(dir), "%s", config);
	else if (home && *home == '/')
		n = snprintf(dir, sizeof(dir), "%s/.config", home);
	else
		return false;
	if (n >= (int)sizeof(dir))
		return false;
	if (make)
		mkdir(dir, 0700);
	snprintf(path, PATH_BYTES, "%s/vmtop", dir);
	if (make)
		mkdir(path, 0700);
	snprintf(path, PATH_BYTES, "%s/vmtop/settings", dir);
	return true;
}

static bool set_sort(struct table_choice *choice, const struct panel *panel,
		     const char *value)
{
	bool ascending = *value == '+';
	const char *name = value + ascending;
	const struct column *c = column_find(name, strlen(name));

	if (!c || !table_has(panel, c))
		return false;
	choice->sort = c;
	choice->ascending = ascending;
	return true;
}

/* false: what it names is not known. */
static bool setting_take(struct view *v, const char *key, const char *value)
{
	const char *dot = strchr(key, '.');
	char bad[32], *end;

	if (!strcmp(key, "delay")) {
		double delay = strtod(value, &end);

		if (*end || !(delay >= 0.05 && delay <= 3600))
			return false;
		v->delay_s = delay;
		return true;
	}
	if (!strcmp(key, "mouse")) {
		bool on = !strcmp(value, "on");

		if (!on && strcmp(value, "off"))
			return false;
		v->mouse = on;
		return true;
	}
	for (size_t i = 0; i < PANELS; i++) {
		const char *name = panels[i]->name;

		if (!strcmp(key, "panel") && !strcmp(value, name)) {
			v->at.panel = i;
			return true;
		}
		if (!dot || strncmp(key, name, strlen(name)) ||
		    dot != key + strlen(name))
			continue;
		if (!strcmp(dot, ".fields"))
			return !table_choose(&v->choice[i], panels[i], value,
					     bad, sizeof(bad));
		return !strcmp(dot, ".sort") &&
			set_sort(&v->choice[i], panels[i], value);
	}
	return false;
}

/* false: it is not known. */
static bool line_take(struct view *v, char *line)
{
	char key[64], value[LINE_BYTES];

	line[strcspn(line, "\r\n")] = '\0';
	if (!*line || *line == '#')
		return true;
	return sscanf(line, "%63[a-z.] = %1023s", key, value) == 2 &&
		setting_take(v, key, value);
}

static void lines_take(struct view *v, FILE *f)
{
	unsigned int number = 0, first = 0, unknown = 0;
	char line[LINE_BYTES];

	while (fgets(line, sizeof(line), f)) {
		number++;
		if (line_take(v, line))
			continue;
		if (!unknown++)
			first = number;
	}
	if (unknown == 1)
		view_message(v, "settings: line %u unknown", first);
	else if (unknown)
		view_message(v, "settings: line %u and %u more unknown", first,
			     unknown - 1);
}

void settings_load(struct view *v)
{
	char path[PATH_BYTES];
	FILE *f;

	if (!settings_path(path, false))
		return;
	f = fopen(path, "r");
	if (!f) {
		if (errno != ENOENT)
			view_message(v, "cannot read %s: %m", path);
		return;
	}
	lines_take(v, f);
	fclose(f);
}

static void panel_write(FILE *f, const struct table_choice *choice,
			const struct panel *panel)
{
	fprintf(f, "%s.fields = ", panel->name);
	for (size_t i = 0; i < choice->columns; i++)
		fprintf(f, "%s%s", i ? "," : "", choice->column[i]->name);
	fprintf(f, "\n%s.sort = %s%s\n", panel->name,
		choice->ascending ? "+" : "", choice->sort->name);
}

/* Written aside and renamed: never half a file. */
void settings_save(struct view *v)
{
	char path[PATH_BYTES], aside[PATH_BYTES + 8];
	FILE *f;

	if (!settings_path(path, true)) {
		view_message(v, "neither XDG_CONFIG_HOME nor HOME is set");
		return;
	}
	snprintf(aside, sizeof(aside), "%s.new", path);
	f = fopen(aside, "w");
	if (!f) {
		view_message(v, "cannot write %s: %m", aside);
		return;
	}
	fprintf(f, "# written by vmtop\ndelay = %g\npanel = %s\nmouse = %s\n",
		v->delay_s, view_panel(v)->name, v->mouse ? "on" : "off");
	for (size_t i = 0; i < PANELS; i++)
		panel_write(f, &v->choice[i], panels[i]);
	if (ferror(f) | fclose(f) || rename(aside, path))
		view_message(v, "cannot write %s: %m", path);
	else
		view_message(v, "saved in %s", path);
}
