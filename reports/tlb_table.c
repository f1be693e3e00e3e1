/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLB flushes: why, what, at whose wish, and in which address space.
 */
#include "reports/table.h"

static void get_count(const struct report_table *t,
		      const struct report_column *c, size_t row,
		      struct report_cell *cell)
{
	(void)c;
	cell->number = *(const uint64_t *)summary_row_at(&t->from, row);
}

static const struct report_column count_column = {
	"count", "Flushes", 9, REPORT_COUNT, get_count,
};

int table_of_tlb_flushes(struct report_table *t, struct summary *s)
{
	int err;

	*t = (struct report_table){ .name = "tlb_flushes" };
	err = summary_flushes(s, &t->from);
	if (err)
		return err;
	t->rows = t->from.count;
	for (size_t row = 0; row < t->rows; row++)
		t->all_count += *(const uint64_t *)summary_row_at(&t->from,
								  row);
	for (size_t i = 0; i < t->from.group->keys; i++)
		table_add_key(t, t->from.group->key[i]);
	table_add_columns(t, &count_column, 1);
	return 0;
}
