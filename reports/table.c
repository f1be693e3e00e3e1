/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared by all tables: their assembly, and cells in print.
 */
#include "reports/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tracer/event/printable.h"

void table_add_columns(struct report_table *t,
		       const struct report_column *columns, size_t count)
{
	for (size_t i = 0; i < count && t->columns < REPORT_COLUMNS_MAX; i++)
		t->column[t->columns++] = &columns[i];
}

void table_get(const struct report_table *t, const struct report_column *c,
	       size_t row, struct report_cell *cell)
{
	/* words.made is filled where it is used */
	cell->number = 0;
	cell->words.text = cell->words.tag = NULL;
	cell->is_words = c->kind == REPORT_TEXT;
	cell->missing = false;
	c->get(t, c, row, cell);
}

size_t table_cell(const struct report_cell *v, char cell[TABLE_CELL_BYTES])
{
	char raw[TABLE_CELL_BYTES];
	int length = snprintf(raw, sizeof(raw), "%s", v->words.text);

	if (v->words.tag && (size_t)length < sizeof(raw))
		length += snprintf(raw + length, sizeof(raw) - length, " [%s]",
				   v->words.tag);
	if ((size_t)length >= sizeof(raw)) {
		length = sizeof(raw) - 1;
		memcpy(raw + length - 3, "...", 3);
	}
	printable_text(cell, TABLE_CELL_BYTES, raw);
	return length;
}
