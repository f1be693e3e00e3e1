/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of an interval counter: interval_counter.c adds events,
 * interval_end.c makes snapshots.
 */
#ifndef EXIT_ANALYZER_LIVE_INTERVAL_STATE_H
#define EXIT_ANALYZER_LIVE_INTERVAL_STATE_H

#include "exit-analyzer/live/exit_counter.h"
#include "exit-analyzer/live/key_rows.h"
#include "exit-analyzer/live/losses.h"

struct flush_count {
	uint64_t count, total;
};

struct call_count {
	struct histogram cycles;
	uint64_t total;
};

struct interval_counter {
	const struct origin *origin;
	unsigned int vm_state[ANCHOR_VMS_MAX];
	struct key_context context;
	struct exits exits;
	struct group flushes;	/* rows are struct flush_count */
	struct group calls;	/* rows are struct call_count */
	struct key_rows keyed;	/* if keys were chosen */
	struct losses losses;
	uint64_t change_tsc;	/* of a trace's processes, the next */

	struct guest guests[ANCHOR_VMS_MAX];

	uint64_t bound_cycles[SNAPSHOT_BOUNDS];
	uint64_t read, missed_total;
	uint64_t last_tsc;
	uint64_t unresolved[ANCHOR_VMS_MAX];
	/* used while an interval ends, empty between */
	struct histogram of_vm, of_all;
};

/* Where the values of rows are: of both groups, and of each. */
enum {
	ROW_AT_VM,
	CALL_AT_NUMBER,
	FLUSH_AT_VCPU = 1, FLUSH_AT_ASID, FLUSH_AT_SCOPE, FLUSH_AT_CAUSE,
	FLUSH_AT_GUEST,
};

#endif
