/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chance that repeats: a generator with a seed, for resampling only. One
 * step is splitmix64: an odd constant added, then mixed.
 */
#ifndef EXIT_ANALYZER_JUDGE_RANDOM_H
#define EXIT_ANALYZER_JUDGE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state;		/* any value is a seed */
};

static inline uint64_t random_next(struct random *r)
{
	uint64_t v = r->state += 0x9e3779b97f4a7c15ull;

	v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9ull;
	v = (v ^ v >> 27) * 0x94d049bb133111ebull;
	return v ^ v >> 31;
}

/* 0 to below - 1; below is small, so that the bias is, too. */
static inline size_t random_below(struct random *r, size_t below)
{
	return (size_t)(((random_next(r) >> 32) * below) >> 32);
}

#endif
