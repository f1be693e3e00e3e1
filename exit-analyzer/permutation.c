/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The permutation test on medians. Values are sorted once; a way to deal
 * them out is then a row of marks, and both medians are read off in one walk
 * over it.
 */
#include "exit-analyzer/permutation.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/random.h"

#define SAMPLES 100000
#define SEED 0x7065726d75746174ull

struct deal {
	uint64_t value[PERMUTATION_MAX];	/* all, in order */
	size_t count, a_count;
};

static int u64_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

uint64_t median_of(uint64_t *values, size_t count)
{
	uint64_t low, high;

	if (!count)
		return 0;
	qsort(values, count, sizeof(*values), u64_order);
	low = values[(count - 1) / 2];
	high = values[count / 2];
	return low + (high - low) / 2;
}

/* Twice median of b less twice median of a, so that no half is lost. */
static double medians_differ(const struct deal *d, const bool *is_a)
{
	size_t b_count = d->count - d->a_count, seen_a = 0, seen_b = 0;
	double a = 0, b = 0;

	for (size_t i = 0; i < d->count; i++) {
		double v = (double)d->value[i];

		if (is_a[i]) {
			a += (seen_a == (d->a_count - 1) / 2 ? v : 0) +
			     (seen_a == d->a_count / 2 ? v : 0);
			seen_a++;
		} else {
			b += (seen_b == (b_count - 1) / 2 ? v : 0) +
			     (seen_b == b_count / 2 ? v : 0);
			seen_b++;
		}
	}
	return b - a;
}

/* Every choice of a_count among count, each once. */
static double exact_p(const struct deal *d, double observed)
{
	uint32_t mask = (1u << d->a_count) - 1, end = 1u << d->count;
	uint64_t all = 0, extreme = 0;
	bool is_a[PERMUTATION_EXACT];

	while (mask < end) {
		uint32_t low = mask & -mask, carried = mask + low;

		for (size_t i = 0; i < d->count; i++)
			is_a[i] = mask >> i & 1;
		all++;
		extreme += medians_differ(d, is_a) >= observed;
		/* the next larger number with as many bits set */
		mask = carried | (((mask ^ carried) >> 2) / low);
	}
	return (double)extreme / (double)all;
}

/* What was observed is one of the ways: p is never 0. */
static double sampled_p(const struct deal *d, double observed)
{
	struct random random = { SEED };
	uint64_t extreme = 1;
	bool is_a[PERMUTATION_MAX] = { 0 };

	memset(is_a, true, d->a_count);
	for (int n = 0; n < SAMPLES; n++) {
		for (size_t i = d->count - 1; i > 0; i--) {
			size_t j = random_below(&random, i + 1);
			bool swap = is_a[i];

			is_a[i] = is_a[j];
			is_a[j] = swap;
		}
		extreme += medians_differ(d, is_a) >= observed;
	}
	return (double)extreme / (SAMPLES + 1);
}

double permutation_p(const uint64_t *a, size_t a_count, const uint64_t *b,
		     size_t b_count)
{
	struct deal d = { .count = a_count + b_count, .a_count = a_count };
	uint64_t own[PERMUTATION_MAX];
	double observed;

	if (!a_count || !b_count || a_count > PERMUTATION_MAX ||
	    b_count > PERMUTATION_MAX - a_count)
		return 1;
	memcpy(d.value, a, a_count * sizeof(*a));
	memcpy(d.value + a_count, b, b_count * sizeof(*b));
	/* twice each median, as above */
	memcpy(own, a, a_count * sizeof(*a));
	qsort(own, a_count, sizeof(*own), u64_order);
	observed = -(double)own[(a_count - 1) / 2] - (double)own[a_count / 2];
	memcpy(own, b, b_count * sizeof(*b));
	qsort(own, b_count, sizeof(*own), u64_order);
	observed += (double)own[(b_count - 1) / 2] + (double)own[b_count / 2];
	qsort(d.value, d.count, sizeof(*d.value), u64_order);
	return d.count <= PERMUTATION_EXACT ? exact_p(&d, observed) :
					      sampled_p(&d, observed);
}
