/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits: the sort keys, then what they cost and how long the vCPU was blocked.
 */
#include "reports/table.h"

static const struct summary_row *row_at(const struct report_table *t,
					size_t row)
{
	return summary_row_at(&t->from, row);
}

static void get_blocked(const struct report_table *t,
			const struct report_column *c, size_t row,
			struct report_cell *cell)
{
	(void)c;
	cell->number = row_at(t, row)->blocked_cycles;
	if (!row_at(t, row)->handle.count)
		report_cell_unknown(cell);
}

static const struct report_column blocked_column = {
	"blocked_cycles_total", "Blocked", 9, REPORT_CYCLES, get_blocked,
};

int table_of_exits(struct report_table *t, struct summary *s, size_t rows_max)
{
	struct summary_total total = summary_total(s);
	int err;

	*t = (struct report_table){
		.name = "rows",
		.cost = row_at,
		.all_count = total.count,
		.all_cycles = total.handle_cycles,
		.all_costless = total.costless,
	};
	err = summary_exits(s, &t->from);
	if (err)
		return err;
	t->rows = t->from.count;
	if (rows_max && t->rows > rows_max) {
		t->rows_left_out = t->rows - rows_max;
		t->rows = rows_max;
	}
	for (size_t i = 0; i < summary_key_count(s); i++)
		table_add_key(t, summary_key_at(s, i));
	table_add_cost_columns(t);
	table_add_columns(t, &blocked_column, 1);
	return 0;
}
