/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by function, reason and vCPU: what the addresses in the guest
 * (rip_counts.h) become when an interval ends.
 */
#ifndef EXIT_ANALYZER_LIVE_SYMBOL_ROWS_H
#define EXIT_ANALYZER_LIVE_SYMBOL_ROWS_H

#include "exit-analyzer/live/rip_counts.h"
#include "exit-analyzer/live/snapshot.h"
#include "exit-analyzer/stats/group.h"

struct symbol_rows {
	struct key_context *context;
	struct group group;	/* of the interval, by VM, vCPU, reason, symbol */
};

/* The owner of the addresses. */
struct symbol_rows_owner {
	unsigned int vm, vcpu, reason;
};

/* 0 or -ENOMEM. The context is borrowed, and names in rows are its own. */
int symbol_rows_init(struct symbol_rows *s, struct key_context *context);
void symbol_rows_exit(struct symbol_rows *s);
/*
 * Rows begin anew, as when the context's symbols have changed: counts that
 * belonged to one must be RIP_NEW from now on. 0 or -ENOMEM.
 */
int symbol_rows_forget(struct symbol_rows *s);
/* Moves a count to its row. 0 or a negative errno. */
int symbol_rows_add(struct symbol_rows *s,
		    const struct symbol_rows_owner *owner,
		    const struct rip_counts *counts, struct rip_count *count);
/*
 * The interval's rows, most cycles first; at most `most`, the rest added up
 * in rows named "[others]". The next interval begins. 0 or -ENOMEM.
 */
int symbol_rows_collect(struct symbol_rows *s, size_t most,
			struct snapshot *snap);

#endif
