/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits of an interval by any sort keys, as reports have them. Every exit goes
 * to its group as it comes: that costs more than all else that is counted, so
 * nothing is done before keys are chosen.
 */
#ifndef EXIT_ANALYZER_LIVE_KEY_ROWS_H
#define EXIT_ANALYZER_LIVE_KEY_ROWS_H

#include "exit-analyzer/live/snapshot.h"
#include "exit-analyzer/stats/group.h"

struct key_rows {
	struct key_context *context;	/* NULL: no keys were chosen */
	struct group group;
};

/* 0 or -ENOMEM. The context is borrowed. */
int key_rows_choose(struct key_rows *k, const enum key *keys,
		    size_t count, struct key_context *context);
/* A zeroed struct is fine. */
void key_rows_exit(struct key_rows *k);
/* Adds exits of one length. 0 or -ENOMEM. */
int key_rows_add(struct key_rows *k,
		 const struct event_vmexit *first, unsigned int records,
		 unsigned int cpu);
/*
 * The interval's rows, most cycles first; at most `most`, and one of
 * "[others]". The next interval begins. 0 or -ENOMEM.
 */
int key_rows_collect(struct key_rows *k, size_t most,
		     struct snapshot *snap);

#endif
