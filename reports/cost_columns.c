/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of a histogram of costs, wherever there is one.
 */
#include "reports/table.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Hundredths of a percent, rounded. */
static uint64_t share(uint64_t part, uint64_t whole)
{
	unsigned __int128 scaled = (unsigned __int128)part * 10000 + whole / 2;

	return whole ? scaled / whole : 0;
}

/* A getter: the number that the expression gives, of the row r. */
#define GET(what, expression) \
	static void get_##what(const struct report_table *t, \
			       const struct report_column *c, size_t row, \
			       struct report_cell *cell) \
	{ \
		const struct summary_row *r = t->cost(t, row); \
	\
		(void)c; \
		cell->number = (expression); \
	}

/* The same of the row's histogram h, where any event said its cost. */
#define GET_COST(what, expression) \
	static void get_##what(const struct report_table *t, \
			       const struct report_column *c, size_t row, \
			       struct report_cell *cell) \
	{ \
		const struct histogram *h = &t->cost(t, row)->handle; \
	\
		(void)c; \
		if (h->count) \
			cell->number = (expression); \
		else \
			report_cell_unknown(cell); \
	}

GET(count, summary_row_events(r))
GET(costless, r->costless)
GET(count_share, share(summary_row_events(r), t->all_count))
GET_COST(time_share, share(h->sum, t->all_cycles))
GET_COST(total, h->sum)
GET_COST(min, h->min)
GET_COST(p50, histogram_percentile(h, 500))
GET_COST(p95, histogram_percentile(h, 950))
GET_COST(p99, histogram_percentile(h, 990))
GET_COST(max, h->max)
GET_COST(avg, (h->sum + h->count / 2) / h->count)

static const struct report_column columns[] = {
	{ "count", "Samples", 8, REPORT_COUNT, get_count },
	{ NULL, "Samples%", 8, REPORT_PERCENT, get_count_share },
	{ NULL, "Time%", 7, REPORT_PERCENT, get_time_share },
	{ "handle_cycles_total", NULL, 0, REPORT_CYCLES, get_total },
	{ "handle_cycles_min", "Min", 7, REPORT_CYCLES, get_min },
	{ "handle_cycles_p50", "P50", 7, REPORT_CYCLES, get_p50 },
	{ "handle_cycles_p95", "P95", 7, REPORT_CYCLES, get_p95 },
	{ "handle_cycles_p99", "P99", 7, REPORT_CYCLES, get_p99 },
	{ "handle_cycles_max", "Max", 7, REPORT_CYCLES, get_max },
	{ NULL, "Avg", 7, REPORT_CYCLES, get_avg },
	{ "cost_unknown", NULL, 0, REPORT_COUNT, get_costless },
};

void table_add_cost_columns(struct report_table *t)
{
	table_add_columns(t, columns, ARRAY_SIZE(columns));
}
