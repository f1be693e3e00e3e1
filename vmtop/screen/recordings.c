/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recordings of the live view: at most one of each machine.
 */
#include "vmtop/screen/view_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"

/* NULL: it is not recorded. */
static struct recording *recording_of(const struct view *v,
				      const char *machine)
{
	for (size_t i = 0; i < v->recordings; i++)
		if (!strcmp(recording_machine(v->recording[i]), machine))
			return v->recording[i];
	return NULL;
}

static void recording_begin(struct view *v, const char *machine)
{
	char text[RECORDING_TEXT_BYTES];
	struct recording **grown = reallocarray(v->recording, v->recordings + 1,
						sizeof(*grown));
	struct recording *r;

	if (!grown) {
		view_message(v, "out of memory");
		return;
	}
	v->recording = grown;
	r = recording_start(machine, text);
	if (r)
		v->recording[v->recordings++] = r;
	else
		view_message(v, "%s", text);
}

/* The machine of the selected row; the first where there are no rows. */
static size_t target_selected(const struct view *v)
{
	return v->table.rows.count ?
		(size_t)table_row(&v->table, v->cursor)->at.target : 0;
}

void recordings_turn(struct view *v)
{
	size_t target = target_selected(v);
	const char *machine = watch_name(v->w, target);
	struct recording *r = recording_of(v, machine);

	if (v->replay)
		view_message(v, "cannot record a recording");
	else if (r)
		recording_stop(r);
	else if (watch_gone(v->w, target))
		view_message(v, "cannot record machine %s: it has ended",
			     machine);
	else
		recording_begin(v, machine);
}

bool recordings_poll(struct view *v)
{
	char text[RECORDING_TEXT_BYTES];
	size_t before = v->recordings;

	for (size_t i = 0; i < v->recordings;) {
		struct recording *r = v->recording[i];

		if (recording_running(r)) {
			i++;
			continue;
		}
		recording_result(r, text);
		view_message(v, "%s", text);
		recording_free(r);
		v->recording[i] = v->recording[--v->recordings];
	}
	return v->recordings != before;
}

bool recordings_say(const struct view *v, char *to, size_t bytes)
{
	const struct recording *first = v->recordings ? v->recording[0] : NULL;
	double size = 0, seconds = 0;
	char what[RECORDING_TEXT_BYTES];

	if (!first)
		return false;
	for (size_t i = 0; i < v->recordings; i++) {
		const struct recording *r = v->recording[i];

		size += recording_bytes(r);
		if (recording_seconds(r) > seconds)
			seconds = recording_seconds(r);
	}
	if (v->recordings == 1)
		snprintf(what, sizeof(what), "%s", recording_file(first));
	else
		snprintf(what, sizeof(what), "%zu files", v->recordings);
	if (v->recordings == 1 && recording_stopping(first))
		snprintf(to, bytes, "ending %s", what);
	else
		snprintf(to, bytes, "recording %02d:%02d, %.1f MiB to %s",
			 (int)seconds / 60, (int)seconds % 60,
			 size / (1 << 20), what);
	return true;
}

bool recordings_end(struct view *v)
{
	char text[RECORDING_TEXT_BYTES];
	bool good = true;

	/* all of them are ending while one is waited for */
	for (size_t i = 0; i < v->recordings; i++)
		recording_stop(v->recording[i]);
	for (size_t i = 0; i < v->recordings; i++) {
		struct recording *r = v->recording[i];

		recording_end(r);
		good &= recording_result(r, text);
		cmd_error("%s", text);
		recording_free(r);
	}
	free(v->recording);
	return good;
}
