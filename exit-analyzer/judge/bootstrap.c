/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The percentile bootstrap of the ratio of medians.
 */
#include "exit-analyzer/judge/bootstrap.h"

#include <stdlib.h>

#include "exit-analyzer/judge/permutation.h"
#include "exit-analyzer/judge/random.h"

#define RESAMPLES 2000
#define SEED 0x626f6f7473747261ull

static uint64_t resampled_median(struct random *random, const uint64_t *from,
				 size_t count)
{
	uint64_t sample[PERMUTATION_MAX];

	for (size_t i = 0; i < count; i++)
		sample[i] = from[random_below(random, count)];
	return median_of(sample, count);
}

static int double_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

struct bootstrap_interval bootstrap_change(const uint64_t *a, size_t a_count,
					   const uint64_t *b, size_t b_count)
{
	struct random random = { SEED };
	double change[RESAMPLES];

	if (!a_count || !b_count || a_count > PERMUTATION_MAX ||
	    b_count > PERMUTATION_MAX)
		return (struct bootstrap_interval){ 0, 0 };
	for (int i = 0; i < RESAMPLES; i++) {
		uint64_t old = resampled_median(&random, a, a_count);
		uint64_t new = resampled_median(&random, b, b_count);

		/* of nothing, any more is reckoned against one tick */
		change[i] = ((double)new - (double)old) * 100 /
			    (double)(old ? old : 1);
	}
	qsort(change, RESAMPLES, sizeof(*change), double_order);
	return (struct bootstrap_interval){
		.low = change[RESAMPLES * 25 / 1000],
		.high = change[RESAMPLES * 975 / 1000 - 1],
	};
}
