/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chance that repeats, for what tests and benchmarks make: xorshift64*, its
 * last step scrambled.
 */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stdint.h>

#define RANDOM_SEED UINT64_C(0x9e3779b97f4a7c15)

/* Set to RANDOM_SEED again, it begins again. */
static uint64_t random_state = RANDOM_SEED;

static inline uint64_t random_next(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * UINT64_C(0x2545f4914f6cdd1d);
}

#endif
