/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Help and the choice of fields, which take the place of the rows for a while.
 */
#include "vmtop/screen/view.h"
#include "vmtop/screen/view_state.h"

#include <curses.h>
#include <stdbool.h>
#include <stdio.h>

#define HELP_AT 2
#define HELP_KEYS_BYTES 32

/* The keys of the panels, then the table's that have a line of their own. */
static bool help_line(size_t line, char keys[HELP_KEYS_BYTES],
		      const char **help)
{
	const struct view_key *k = view_keys;

	if (!line) {
		snprintf(keys, HELP_KEYS_BYTES, "%c to %c", panels[0]->key,
			 panels[PANELS - 1]->key);
		*help = "that panel";
		return true;
	}
	for (; k->press; k++)
		if (k->keys && !--line)
			break;
	if (!k->press)
		return false;
	snprintf(keys, HELP_KEYS_BYTES, "%s", k->keys);
	*help = k->help;
	return true;
}

size_t help_last(void)
{
	size_t lines = LINES - HELP_AT - 1, keys = 0;
	char name[HELP_KEYS_BYTES];
	const char *help;

	while (help_line(keys, name, &help))
		keys++;
	return keys > lines ? keys - lines : 0;
}

void draw_help(const struct view *v)
{
	char keys[HELP_KEYS_BYTES];
	const char *help;

	attron(A_BOLD);
	mvaddstr(1, 0, "Keys");
	attroff(A_BOLD);
	if (help_last())
		addstr("  (Up and Down show the others)");
	for (int line = 0; HELP_AT + line < LINES - 1; line++) {
		if (!help_line(v->help + line, keys, &help))
			break;
		mvprintw(HELP_AT + line, 2, "%-16s ", keys);
		addnstr(help, COLS - getcurx(stdscr));
	}
}

void help_list(void)
{
	char keys[HELP_KEYS_BYTES];
	const char *help;

	for (size_t line = 0; help_line(line, keys, &help); line++)
		printf("key\t%s\t%s\n", keys, help);
}

void draw_fields(const struct view *v)
{
	const struct column *list[TABLE_COLUMNS];
	size_t count = fields_list(v, list), top = fields_top(v);

	attron(A_BOLD);
	mvprintw(1, 0, "Fields of %s", view_panel(v)->title);
	attroff(A_BOLD);
	mvaddstr(2, 0, "Space shows or hides, < and > move, f is done");
	for (size_t i = top; i < count; i++) {
		int line = VIEW_FIELDS_AT + (int)(i - top);

		if (line >= LINES - 1)
			break;
		if (i == v->field)
			attron(A_REVERSE);
		mvprintw(line, 0, "%c %-10s %-12s %s",
			 i < v->choice[v->at.panel].columns ? '*' : ' ',
			 list[i]->name, list[i]->heading, list[i]->help);
		attroff(A_REVERSE);
	}
}
