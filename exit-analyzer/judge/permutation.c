/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The permutation test on medians. Values are sorted once; a way to deal
 * them out is then a row of marks, and both medians are read off in one walk
 * over it.
 *
 * Medians alone tie in many deals, which then all count as extreme, and few
 * rounds could never prove anything. So deals with equal medians are told
 * apart by the sum of b's ranks.
 */
#include "exit-analyzer/judge/permutation.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/judge/random.h"

#define SAMPLES_MIN 5000
#define SAMPLES_MAX 200000
/* of so many extreme ones, p is known well enough to stop early */
#define EXTREME_ENOUGH 50
#define SEED 0x7065726d75746174ull

struct deal {
	uint64_t value[PERMUTATION_MAX];	/* all, in order */
	uint32_t rank[PERMUTATION_MAX];		/* twice; equal values share */
	size_t count, a_count;
};

/* Orders deals. */
struct statistic {
	double medians;		/* twice b's less twice a's: no half is lost */
	uint64_t ranks;
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

static struct statistic deal_statistic(const struct deal *d, const bool *is_a)
{
	size_t b_count = d->count - d->a_count, seen_a = 0, seen_b = 0;
	struct statistic s = { 0, 0 };

	for (size_t i = 0; i < d->count; i++) {
		double v = (double)d->value[i];

		if (is_a[i]) {
			s.medians -= (seen_a == (d->a_count - 1) / 2 ? v : 0) +
				     (seen_a == d->a_count / 2 ? v : 0);
			seen_a++;
		} else {
			s.medians += (seen_b == (b_count - 1) / 2 ? v : 0) +
				     (seen_b == b_count / 2 ? v : 0);
			s.ranks += d->rank[i];
			seen_b++;
		}
	}
	return s;
}

static bool at_least(const struct statistic *s, const struct statistic *as)
{
	return s->medians > as->medians ||
	       (s->medians == as->medians && s->ranks >= as->ranks);
}

/* Every choice of a_count among count, each once. */
static double exact_p(const struct deal *d, const struct statistic *observed)
{
	uint32_t mask = (1u << d->a_count) - 1, end = 1u << d->count;
	uint64_t all = 0, extreme = 0;
	bool is_a[PERMUTATION_EXACT];

	while (mask < end) {
		uint32_t low = mask & -mask, carried = mask + low;
		struct statistic s;

		for (size_t i = 0; i < d->count; i++)
			is_a[i] = mask >> i & 1;
		s = deal_statistic(d, is_a);
		all++;
		extreme += at_least(&s, observed);
		/* the next larger number with as many bits set */
		mask = carried | (((mask ^ carried) >> 2) / low);
	}
	return (double)extreme / (double)all;
}

/* The observed deal counts as one of the ways: p is never 0. */
static double sampled_p(const struct deal *d, const struct statistic *observed)
{
	struct random random = { SEED };
	uint64_t extreme = 1, all = 1;
	bool is_a[PERMUTATION_MAX] = { 0 };

	memset(is_a, true, d->a_count);
	while (all < SAMPLES_MAX &&
	       (all < SAMPLES_MIN || extreme < EXTREME_ENOUGH)) {
		struct statistic s;

		for (size_t i = d->count - 1; i > 0; i--) {
			size_t j = random_below(&random, i + 1);
			bool swap = is_a[i];

			is_a[i] = is_a[j];
			is_a[j] = swap;
		}
		s = deal_statistic(d, is_a);
		extreme += at_least(&s, observed);
		all++;
	}
	return (double)extreme / (double)all;
}

/* One of all ways to choose a_count among both. */
static double one_deal_p(size_t a_count, size_t b_count)
{
	double p = 1;

	for (size_t i = 1; i <= a_count; i++)
		p *= (double)i / (double)(b_count + i);
	return p;
}

double permutation_p_least(size_t a_count, size_t b_count)
{
	if (!a_count || !b_count || a_count > PERMUTATION_MAX ||
	    b_count > PERMUTATION_MAX - a_count)
		return 1;
	return one_deal_p(a_count, b_count);
}

/* Ranks of the sorted values: of equal ones, all the middle one. */
static void ranks_set(struct deal *d)
{
	for (size_t from = 0, to; from < d->count; from = to) {
		to = from + 1;
		while (to < d->count && d->value[to] == d->value[from])
			to++;
		for (size_t i = from; i < to; i++)
			d->rank[i] = (uint32_t)(from + to - 1);
	}
}

/* The sets as they are, as marks on the sorted values. Among equal values
 * it does not matter which one is whose. */
static void marks_set(const struct deal *d, uint64_t *a, bool *is_a)
{
	size_t at = 0;

	qsort(a, d->a_count, sizeof(*a), u64_order);
	for (size_t i = 0; i < d->count; i++) {
		is_a[i] = at < d->a_count && a[at] == d->value[i];
		at += is_a[i];
	}
}

/* Is each of b above all of a? The sets are sorted together. */
static bool sets_apart(const struct deal *d, const bool *is_a)
{
	for (size_t i = 0; i < d->a_count; i++)
		if (!is_a[i])
			return false;
	return d->value[d->a_count - 1] < d->value[d->a_count];
}

double permutation_p(const uint64_t *a, size_t a_count, const uint64_t *b,
		     size_t b_count)
{
	struct deal d = { .count = a_count + b_count, .a_count = a_count };
	uint64_t own[PERMUTATION_MAX];
	struct statistic observed;
	bool is_a[PERMUTATION_MAX] = { 0 };

	if (!a_count || !b_count || a_count > PERMUTATION_MAX ||
	    b_count > PERMUTATION_MAX - a_count)
		return 1;
	memcpy(d.value, a, a_count * sizeof(*a));
	memcpy(d.value + a_count, b, b_count * sizeof(*b));
	qsort(d.value, d.count, sizeof(*d.value), u64_order);
	ranks_set(&d);
	memcpy(own, a, a_count * sizeof(*a));
	marks_set(&d, own, is_a);
	/* no other deal is as extreme, and no sample would find this one */
	if (sets_apart(&d, is_a))
		return one_deal_p(a_count, b_count);
	observed = deal_statistic(&d, is_a);
	return d.count <= PERMUTATION_EXACT ? exact_p(&d, &observed) :
					      sampled_p(&d, &observed);
}
