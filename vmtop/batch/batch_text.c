/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interval for people: every panel that has rows, as the live view shows
 * them at first.
 */
#include "vmtop/batch/batch.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tracer/event/printable.h"
#include "vmtop/table/table.h"

#define ROWS_MOST 20	/* of a panel; the rest is counted */

static void cell_print(FILE *to, const struct column *c, const char *text,
		       bool last)
{
	/* nothing behind the last one */
	if (last && c->width < 0)
		fputs(text, to);
	else
		fprintf(to, "%*s", c->width, text);
	fputc(last ? '\n' : ' ', to);
}

static void rows_print(FILE *to, const struct table *t,
		       const struct table_choice *choice)
{
	char text[COLUMN_TEXT_BYTES];
	size_t rows = t->rows.count < ROWS_MOST ? t->rows.count : ROWS_MOST;

	for (size_t i = 0; i < choice->columns; i++)
		cell_print(to, choice->column[i], choice->column[i]->heading,
			   i + 1 == choice->columns);
	for (size_t row = 0; row < rows; row++)
		for (size_t i = 0; i < choice->columns; i++) {
			column_print(choice->column[i], table_row(t, row),
				     text, sizeof(text));
			cell_print(to, choice->column[i], text,
				   i + 1 == choice->columns);
		}
	if (t->rows.count > rows)
		fprintf(to, "... and %zu more\n", t->rows.count - rows);
}

static int panel_print(FILE *to, const struct watch *w, size_t target,
		       const struct panel *panel)
{
	struct scope scope = SCOPE_ALL;
	struct table_choice choice;
	struct table t = { 0 };
	char bad[32];
	int err;

	scope.target = target;
	table_choice_default(&choice, panel);
	if (panel->printed)
		table_choose(&choice, panel, panel->printed, bad,
			     sizeof(bad));
	err = table_fill(&t, panel, &choice, w, 0, &scope, NULL);
	if (!err && t.rows.count) {
		fprintf(to, "\n%s\n", panel->title);
		rows_print(to, &t, &choice);
	}
	table_exit(&t);
	return err;
}

static int interval_print(FILE *to, const struct watch *w)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = watch_past(w, t, 0);
		char name[ITEM_NAME_BYTES];

		if (!snap)
			continue;
		printable_text(name, sizeof(name), watch_name(w, t));
		fprintf(to, "== %s: %.3f s at %.3f s, %" PRIu64 " records, %"
			PRIu64 " missed, %" PRIu64 " waited at most\n", name,
			snap->seconds, snap->at_s, snap->read, snap->missed,
			snap->waiting);
		if (snap->lossy)
			fputs("note: records were lost in this interval: counts"
			      " and rates are too small, shares are of the"
			      " rest\n", to);
		for (size_t p = 0; !err && p < PANELS; p++)
			err = panel_print(to, w, t, panels[p]);
		if (!err && snap->keys)
			err = panel_print(to, w, t, &panel_keys);
		fputc('\n', to);
	}
	return err;
}

static void note_print(FILE *to, const char *note)
{
	fprintf(to, "note: %s\n", note);
}

const struct batch_format batch_text = {
	.interval = interval_print,
	.note = note_print,
};
