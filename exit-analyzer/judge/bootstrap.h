/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Estimates a change: the ratio of two medians with an interval that holds it
 * in 95 of 100 cases, by resampling. The same input gives the same interval.
 */
#ifndef EXIT_ANALYZER_JUDGE_BOOTSTRAP_H
#define EXIT_ANALYZER_JUDGE_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

struct bootstrap_interval {
	double low, high;	/* percent that b's median is above a's */
};

/* Counts as permutation_p() takes them; 0 to 0 when a set is empty. */
struct bootstrap_interval bootstrap_change(const uint64_t *a, size_t a_count,
					   const uint64_t *b, size_t b_count);

#endif
