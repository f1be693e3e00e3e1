/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls: by number and VM, and what their handlers cost.
 */
#include "reports/table.h"

#include "tracer/event/event_names.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void get_number(const struct report_table *t,
		       const struct report_column *c, size_t row,
		       struct report_cell *cell)
{
	(void)c;
	cell->number = table_key_value(t, BY_HYPERCALL, row).number;
}

static void get_name(const struct report_table *t,
		     const struct report_column *c, size_t row,
		     struct report_cell *cell)
{
	const char *name = event_hypercall_name(
		table_key_value(t, BY_HYPERCALL, row).number);

	(void)c;
	cell->words.text = name ? name : "-";
}

static const struct report_column columns[] = {
	{ "number", "Number", 10, REPORT_COUNT, get_number },
	{ "name", "Name", 12, REPORT_TEXT, get_name },
};

static const struct summary_row *call_cost(const struct report_table *t,
					   size_t row)
{
	return summary_row_at(&t->from, row);
}

int table_of_hypercalls(struct report_table *t, struct summary *s)
{
	int err;

	*t = (struct report_table){ .name = "hypercalls", .cost = call_cost };
	err = summary_calls(s, &t->from);
	if (err)
		return err;
	t->rows = t->from.count;
	for (size_t row = 0; row < t->rows; row++) {
		t->all_count += summary_row_events(call_cost(t, row));
		t->all_cycles += call_cost(t, row)->handle.sum;
		t->all_costless += call_cost(t, row)->costless;
	}
	table_add_columns(t, columns, ARRAY_SIZE(columns));
	table_add_key(t, BY_VM);
	table_add_cost_columns(t);
	return 0;
}
