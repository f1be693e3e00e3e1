/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exits as CSV (RFC 4180, with \n), for programs: one table, a header
 * line, cycles as they were recorded. JSON has also what does not fit a table,
 * as losses.
 */
#include "reports/report.h"

#include <inttypes.h>
#include <string.h>

#include "reports/table.h"

static void print_text(FILE *to, const char *text)
{
	if (!strpbrk(text, ",\"")) {
		fputs(text, to);
		return;
	}
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', to);
		putc(*text, to);
	}
	putc('"', to);
}

static void print_value(FILE *to, const struct report_cell *v,
			enum report_column_kind kind)
{
	char cell[TABLE_CELL_BYTES];

	if (v->missing)
		return;
	if (v->is_words) {
		table_cell(v, cell);
		print_text(to, cell);
		return;
	}
	fprintf(to, kind == REPORT_HEX ? "0x%" PRIx64 : "%" PRIu64, v->number);
}

/* The header line, or a row. */
static void print_line(FILE *to, const struct report_table *t, const size_t *row)
{
	const char *comma = "";

	for (size_t i = 0; i < t->columns; i++) {
		const struct report_column *c = t->column[i];
		struct report_cell v;

		if (!c->name)
			continue;
		fputs(comma, to);
		comma = ",";
		if (row) {
			table_get(t, c, *row, &v);
			print_value(to, &v, c->kind);
		} else {
			fputs(c->name, to);
		}
	}
	putc('\n', to);
}

int report_print_csv(FILE *to, const struct report *report)
{
	struct report_table t;
	int err = table_of_exits(&t, report->exits[0].summary,
				 report->exits[0].rows_max);

	if (err)
		return err;
	print_line(to, &t, NULL);
	for (size_t row = 0; row < t.rows; row++)
		print_line(to, &t, &row);
	return 0;
}
