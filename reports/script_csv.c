/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records as CSV (RFC 4180, with \n): a column is empty where a kind of
 * record has none such. Losses are rows, too.
 */
#include "reports/script.h"

static bool is_shown(const struct script *s, enum script_column column)
{
	return !s->any_chosen || s->chosen[column];
}

void script_csv_begin(struct script *s)
{
	const char *comma = "";

	for (int column = 0; column < SCRIPT_COLUMNS; column++) {
		if (!is_shown(s, column))
			continue;
		out_text(&s->out, comma);
		out_text(&s->out, script_column_name(column));
		comma = ",";
	}
	out_char(&s->out, '\n');
}

/* Only names of a guest's symbols and processes can need quotes. */
static void print_field(struct script *s, const struct script_field *f,
			const struct event_header *ev, unsigned int cpu)
{
	bool quote = f->kind == SCRIPT_SYM || f->kind == SCRIPT_PROCESS;

	if (!script_field_known(s, f, ev))
		return;
	if (quote)
		out_char(&s->out, '"');
	script_field_print(s, f, ev, cpu);
	if (quote)
		out_char(&s->out, '"');
}

void script_csv_event(struct script *s, const struct event_header *ev,
		      unsigned int cpu)
{
	const struct script_field *at[SCRIPT_COLUMNS] = { NULL };
	const struct script_field *f;
	bool first = true;

	for (f = script_fields(ev->id); f->kind != SCRIPT_END; f++)
		at[f->column] = f;
	for (int column = 0; column < SCRIPT_COLUMNS; column++) {
		if (!is_shown(s, column))
			continue;
		if (!first)
			out_char(&s->out, ',');
		first = false;
		if (at[column])
			print_field(s, at[column], ev, cpu);
	}
	out_char(&s->out, '\n');
}
