/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recordings of the live view: one a machine at most.
 */
#include "vmtop/screen/view_state.h"

#include <stdio.h>
#include <string.h>

#include "command/command.h"

static struct recording **recording_of(struct view *v, const char *machine)
{
	struct recording **free_place = NULL;

	for (size_t i = 0; i < WATCH_TARGETS; i++) {
		struct recording **r = &v->recording[i];

		if (*r && !strcmp(recording_machine(*r), machine))
			return r;
		if (!*r && !free_place)
			free_place = r;
	}
	return free_place;
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
	struct recording **r = recording_of(v, machine);
	char text[RECORDING_TEXT_BYTES];

	if (v->replay)
		view_message(v, "this is a recording; there is nothing to "
			     "record");
	else if (r && *r)
		recording_stop(*r);
	else if (watch_gone(v->w, target))
		view_message(v, "machine %s has ended", machine);
	else if (!r)
		view_message(v, "%d recordings are all there can be",
			     WATCH_TARGETS);
	else if (!(*r = recording_start(machine, text)))
		view_message(v, "%s", text);
}

bool recordings_poll(struct view *v)
{
	char text[RECORDING_TEXT_BYTES];
	bool ended = false;

	for (size_t i = 0; i < WATCH_TARGETS; i++) {
		struct recording **r = &v->recording[i];

		if (!*r || recording_running(*r))
			continue;
		recording_result(*r, text);
		view_message(v, "%s", text);
		recording_free(*r);
		*r = NULL;
		ended = true;
	}
	return ended;
}

bool recordings_say(const struct view *v, char *to, size_t bytes)
{
	const struct recording *first = NULL;
	double size = 0, seconds = 0;
	char what[RECORDING_TEXT_BYTES];
	size_t count = 0;

	for (size_t i = 0; i < WATCH_TARGETS; i++) {
		const struct recording *r = v->recording[i];

		if (!r)
			continue;
		first = first ? first : r;
		count++;
		size += recording_bytes(r);
		if (recording_seconds(r) > seconds)
			seconds = recording_seconds(r);
	}
	if (!count)
		return false;
	if (count == 1)
		snprintf(what, sizeof(what), "%s", recording_file(first));
	else
		snprintf(what, sizeof(what), "%zu files", count);
	if (count == 1 && recording_stopping(first))
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
	for (size_t i = 0; i < WATCH_TARGETS; i++)
		if (v->recording[i])
			recording_stop(v->recording[i]);
	for (size_t i = 0; i < WATCH_TARGETS; i++) {
		struct recording *r = v->recording[i];

		if (!r)
			continue;
		recording_end(r);
		good &= recording_result(r, text);
		cmd_error("%s", text);
		recording_free(r);
	}
	return good;
}
