/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLB flushes: why, what, at whose wish, and in which address space.
 */
#include "reports/table.h"

#include <errno.h>

#include "tracer/event/event_names.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static struct value get_cause(const struct table *t, const struct column *c,
			      size_t row)
{
	(void)c;
	return (struct value){ .text = event_tlb_cause_name(t->tlb[row].cause) };
}

static struct value get_scope(const struct table *t, const struct column *c,
			      size_t row)
{
	(void)c;
	return (struct value){ .text = event_tlb_scope_name(t->tlb[row].scope) };
}

static struct value get_guest(const struct table *t, const struct column *c,
			      size_t row)
{
	(void)c;
	return (struct value){ .number = t->tlb[row].guest };
}

static struct value get_vm(const struct table *t, const struct column *c,
			   size_t row)
{
	(void)c;
	return (struct value){ .number = t->tlb[row].vm };
}

static struct value get_asid(const struct table *t, const struct column *c,
			     size_t row)
{
	(void)c;
	return (struct value){ .number = t->tlb[row].asid };
}

static struct value get_count(const struct table *t, const struct column *c,
			      size_t row)
{
	(void)c;
	return (struct value){ .number = t->tlb[row].count };
}

static const struct column columns[] = {
	{ "cause", "Cause", 13, COLUMN_TEXT, get_cause },
	{ "scope", "Scope", 10, COLUMN_TEXT, get_scope },
	{ "guest", "By guest", 8, COLUMN_BOOL, get_guest },
	{ "vm", "VM", 3, COLUMN_COUNT, get_vm },
	{ "asid", "ASID", 5, COLUMN_COUNT, get_asid },
	{ "count", "Flushes", 9, COLUMN_COUNT, get_count },
};

int table_of_tlb_flushes(struct table *t, struct summary *s)
{
	*t = (struct table){ .name = "tlb_flushes", .summary = s };
	t->tlb = summary_tlb_rows(s, &t->rows);
	if (!t->tlb)
		return -ENOMEM;
	table_add_columns(t, columns, ARRAY_SIZE(columns));
	return 0;
}
