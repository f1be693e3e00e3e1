/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of a histogram of costs, wherever there is one.
 */
#include "reports/table.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Hundredths of a percent, rounded. */
static struct value share(uint64_t part, uint64_t whole)
{
	unsigned __int128 scaled = (unsigned __int128)part * 10000 + whole / 2;

	return (struct value){ .number = whole ? scaled / whole : 0 };
}

static struct value percentile(const struct table *t, size_t row,
			       unsigned int per_mille)
{
	return (struct value){
		.number = histogram_percentile(t->cost(t, row), per_mille),
	};
}

static struct value get_count(const struct table *t, const struct column *c,
			      size_t row)
{
	(void)c;
	return (struct value){ .number = t->cost(t, row)->count };
}

static struct value get_count_share(const struct table *t,
				    const struct column *c, size_t row)
{
	(void)c;
	return share(t->cost(t, row)->count, t->all_count);
}

static struct value get_time_share(const struct table *t,
				   const struct column *c, size_t row)
{
	(void)c;
	return share(t->cost(t, row)->sum, t->all_cycles);
}

static struct value get_total(const struct table *t, const struct column *c,
			      size_t row)
{
	(void)c;
	return (struct value){ .number = t->cost(t, row)->sum };
}

static struct value get_min(const struct table *t, const struct column *c,
			    size_t row)
{
	(void)c;
	return (struct value){ .number = t->cost(t, row)->min };
}

static struct value get_p50(const struct table *t, const struct column *c,
			    size_t row)
{
	(void)c;
	return percentile(t, row, 500);
}

static struct value get_p95(const struct table *t, const struct column *c,
			    size_t row)
{
	(void)c;
	return percentile(t, row, 950);
}

static struct value get_p99(const struct table *t, const struct column *c,
			    size_t row)
{
	(void)c;
	return percentile(t, row, 990);
}

static struct value get_max(const struct table *t, const struct column *c,
			    size_t row)
{
	(void)c;
	return (struct value){ .number = t->cost(t, row)->max };
}

static struct value get_avg(const struct table *t, const struct column *c,
			    size_t row)
{
	const struct histogram *h = t->cost(t, row);

	(void)c;
	return (struct value){
		.number = h->count ? (h->sum + h->count / 2) / h->count : 0,
	};
}

static const struct column columns[] = {
	{ "count", "Samples", 8, COLUMN_COUNT, get_count },
	{ NULL, "Samples%", 8, COLUMN_PERCENT, get_count_share },
	{ NULL, "Time%", 7, COLUMN_PERCENT, get_time_share },
	{ "handle_cycles_total", NULL, 0, COLUMN_CYCLES, get_total },
	{ "handle_cycles_min", "Min", 7, COLUMN_CYCLES, get_min },
	{ "handle_cycles_p50", "P50", 7, COLUMN_CYCLES, get_p50 },
	{ "handle_cycles_p95", "P95", 7, COLUMN_CYCLES, get_p95 },
	{ "handle_cycles_p99", "P99", 7, COLUMN_CYCLES, get_p99 },
	{ "handle_cycles_max", "Max", 7, COLUMN_CYCLES, get_max },
	{ NULL, "Avg", 7, COLUMN_CYCLES, get_avg },
};

void table_add_cost_columns(struct table *t)
{
	table_add_columns(t, columns, ARRAY_SIZE(columns));
}
