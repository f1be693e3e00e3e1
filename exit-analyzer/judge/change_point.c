/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Change points: every split is tried, and the one with the smallest sum of
 * distances from the medians of its sides is taken.
 */
#include "exit-analyzer/judge/change_point.h"

#include <string.h>

#include "exit-analyzer/judge/permutation.h"

static uint64_t median_copy(const uint64_t *value, size_t count)
{
	uint64_t sorted[PERMUTATION_MAX];

	memcpy(sorted, value, count * sizeof(*value));
	return median_of(sorted, count);
}

static double distance(const uint64_t *value, size_t count)
{
	double median = (double)median_copy(value, count), sum = 0;

	for (size_t i = 0; i < count; i++) {
		double d = (double)value[i] - median;

		sum += d < 0 ? -d : d;
	}
	return sum;
}

static double p_of(const uint64_t *value, size_t count, size_t at, bool up)
{
	double p = up ? permutation_p(value, at, value + at, count - at) :
			permutation_p(value + at, count - at, value, at);

	/* both directions were looked at, and every split */
	p *= 2 * (double)(count - 1);
	return p < 1 ? p : 1;
}

struct change_point change_point_find(const uint64_t *value, size_t count,
				      bool exact)
{
	size_t skip = count > PERMUTATION_MAX ? count - PERMUTATION_MAX : 0;
	struct change_point found = { .p = 1 };
	double best;

	value += skip;
	count -= skip;
	best = distance(value, count);
	for (size_t at = 1; at < count; at++) {
		double sum = distance(value, at) +
			     distance(value + at, count - at);

		if (sum > best || (sum == best && !found.at))
			continue;
		best = sum;
		found.at = at;
	}
	if (!found.at)
		return found;
	found.before = median_copy(value, found.at);
	found.after = median_copy(value + found.at, count - found.at);
	found.p = exact ? 0 : p_of(value, count, found.at,
				   found.after > found.before);
	found.at += skip;
	return found;
}
