/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls: by number and VM, and what their handlers cost.
 */
#include "reports/table.h"

#include <errno.h>

#include "tracer/event/event_names.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static struct value get_number(const struct table *t, const struct column *c,
			       size_t row)
{
	(void)c;
	return (struct value){ .number = t->hypercall[row].number };
}

static struct value get_name(const struct table *t, const struct column *c,
			     size_t row)
{
	const char *name = event_hypercall_name(t->hypercall[row].number);

	(void)c;
	return (struct value){ .text = name ? name : "-" };
}

static struct value get_vm(const struct table *t, const struct column *c,
			   size_t row)
{
	(void)c;
	return (struct value){ .number = t->hypercall[row].vm };
}

static const struct column columns[] = {
	{ "number", "Number", 10, COLUMN_COUNT, get_number },
	{ "name", "Name", 12, COLUMN_TEXT, get_name },
	{ "vm", "VM", 3, COLUMN_COUNT, get_vm },
};

static const struct histogram *hypercall_cost(const struct table *t, size_t row)
{
	return &t->hypercall[row].cycles;
}

int table_of_hypercalls(struct table *t, struct summary *s)
{
	*t = (struct table){
		.name = "hypercalls",
		.summary = s,
		.cost = hypercall_cost,
	};
	t->hypercall = summary_hypercall_rows(s, &t->rows);
	if (!t->hypercall)
		return -ENOMEM;
	for (size_t row = 0; row < t->rows; row++) {
		t->all_count += t->hypercall[row].cycles.count;
		t->all_cycles += t->hypercall[row].cycles.sum;
	}
	table_add_columns(t, columns, ARRAY_SIZE(columns));
	table_add_cost_columns(t);
	return 0;
}
