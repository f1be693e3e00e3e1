/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records that were lost, and which interval they belong to: the one in which
 * the loss began. Where no record stands before it, as at the beginning of a
 * ring, that is the one in which reading went on.
 */
#ifndef EXIT_ANALYZER_LIVE_LOSSES_H
#define EXIT_ANALYZER_LIVE_LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm-core/abi/event.h"

struct loss {
	uint64_t from_tsc, to_tsc;
	uint64_t missed;	/* 0: an earlier interval has them */
};

struct losses {
	/* Private Part */
	struct loss *loss;
	size_t count, max;
};

/* 0 or -ENOMEM. */
int losses_add(struct losses *l, const struct event_lost *lost);
/*
 * Ends an interval: returns how many records were lost from its beginning up
 * to end_tsc; in *lossy, whether any loss lies in it, even in a part of it.
 */
uint64_t losses_end(struct losses *l, uint64_t end_tsc, bool *lossy);
/* A zeroed struct is fine. */
void losses_exit(struct losses *l);

#endif
