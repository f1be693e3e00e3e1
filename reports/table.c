/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all tables share: their assembly, and cells in print.
 */
#include "reports/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void table_add_columns(struct table *t, const struct column *columns,
		       size_t count)
{
	for (size_t i = 0; i < count && t->columns < TABLE_COLUMNS_MAX; i++)
		t->column[t->columns++] = &columns[i];
}

void table_print_safe(char *to, size_t bytes, const char *from)
{
	size_t i;

	for (i = 0; from[i] && i + 1 < bytes; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[i] = '\0';
}

size_t table_cell(const struct value *v, char cell[TABLE_CELL_BYTES])
{
	char raw[TABLE_CELL_BYTES];
	int length;

	length = v->text ? snprintf(raw, sizeof(raw), "%s", v->text) :
			   snprintf(raw, sizeof(raw), "0x%" PRIx64, v->number);
	if (v->tag && (size_t)length < sizeof(raw))
		length += snprintf(raw + length, sizeof(raw) - length, " [%s]",
				   v->tag);
	if ((size_t)length >= sizeof(raw)) {
		length = sizeof(raw) - 1;
		memcpy(raw + length - 3, "...", 3);
	}
	table_print_safe(cell, TABLE_CELL_BYTES, raw);
	return length;
}
