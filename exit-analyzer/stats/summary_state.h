/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a summary is made of, for the files that make it: summary.c adds
 * events, summary_rows.c gives out what came of them.
 */
#ifndef EXIT_ANALYZER_STATS_SUMMARY_STATE_H
#define EXIT_ANALYZER_STATS_SUMMARY_STATE_H

#include "exit-analyzer/stats/row_table.h"
#include "exit-analyzer/stats/summary.h"
#include "exit-analyzer/stats/symbol_index.h"

/* A power of two; so many events later a bucket has come from memory. */
#define SUMMARY_PENDING 16

/* A cost on its way into its row. */
struct summary_pending {
	uint32_t row, cycles;
};

struct summary {
	enum summary_key key[SUMMARY_KEYS];
	size_t keys;
	size_t sym;		/* where sym is among the keys; else keys */
	struct symbol_index *symbols;
	struct process_map *processes[ANCHOR_VMS_MAX];	/* or NULL */

	/* with sym among the keys: row of exit[] by what an event says */
	struct row_table site_table;
	uint32_t *site;
	size_t sites_max;

	struct row_table exit_table, tlb_table, hypercall_table;
	/* rows of the tables, in the order they were first seen */
	struct summary_row *exit;
	struct summary_tlb_row *tlb;
	struct summary_hypercall_row *hypercall;
	size_t exits_max, tlbs_max, hypercalls_max;

	/* the last SUMMARY_PENDING costs; those before are in their rows */
	struct summary_pending pending[SUMMARY_PENDING];
	uint64_t costs;

	struct summary_row total;
	uint64_t first_tsc, last_tsc;
	bool any;		/* first_tsc and last_tsc are set */
	struct summary_loss loss;

	/* made by the summary_..._rows() functions, for them */
	const struct summary_row **sorted_exit;
	struct summary_tlb_row *sorted_tlb;
	struct summary_hypercall_row *sorted_hypercall;
};

/* All costs into their rows; 0 or -ENOMEM. */
int summary_settle(struct summary *s);

#endif
