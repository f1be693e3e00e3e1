/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells whether the median of one set of measurements is larger than that of
 * another by more than chance. A permutation test assumes no distribution, so
 * heavy tails and interrupts do no harm. The same input gives the same answer.
 */
#ifndef EXIT_ANALYZER_JUDGE_PERMUTATION_H
#define EXIT_ANALYZER_JUDGE_PERMUTATION_H

#include <stddef.h>
#include <stdint.h>

/* of both sets together */
#define PERMUTATION_MAX 256

/*
 * The share of all ways to deal out the values at random in which the
 * medians differ by as much as they do, b's above a's; where that is equal,
 * in which b's ranks sum up to as much. All ways are counted for up to
 * PERMUTATION_EXACT values, and for sets of which one is above the other as a
 * whole; else a fixed sample of them is. 1 when a set is empty or both
 * together exceed PERMUTATION_MAX.
 */
#define PERMUTATION_EXACT 20
double permutation_p(const uint64_t *a, size_t a_count, const uint64_t *b,
		     size_t b_count);

/* The smallest p that sets of these sizes can give: that of sets apart. */
double permutation_p_least(size_t a_count, size_t b_count);

/* Sorts, and returns the median, rounded down; 0 for no values. */
uint64_t median_of(uint64_t *values, size_t count);

#endif
