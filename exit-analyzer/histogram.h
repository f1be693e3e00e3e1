/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A histogram of costs: exact below HISTOGRAM_EXACT, and within 1 part in
 * HISTOGRAM_EXACT of the value above. Memory grows with the values seen.
 *
 * Count, sum, min and max are always exact. One thread at a time.
 */
#ifndef EXIT_ANALYZER_HISTOGRAM_H
#define EXIT_ANALYZER_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_EXACT 512

struct histogram {
	uint64_t count, sum, min, max;	/* min is 0 while count is */
	/* Private Part: pages of buckets, allocated at first use */
	uint32_t *page[64];
};

/* A zeroed struct is an empty histogram. */
/* 0, or -ENOMEM (then the value was not counted). */
int histogram_add(struct histogram *h, uint64_t value);
int histogram_merge(struct histogram *to, const struct histogram *from);
/* The smallest value v such that at least per_mille of all are <= v: the
 * nearest rank. 0 when empty. Between min and max. */
uint64_t histogram_percentile(const struct histogram *h, unsigned int per_mille);
void histogram_clear(struct histogram *h);

#endif
