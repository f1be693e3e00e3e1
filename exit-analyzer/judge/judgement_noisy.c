/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judgement where time is the host's: a permutation test on the costs of
 * the rounds, corrected for the number of rows (Holm).
 */
#include "exit-analyzer/judge/judgement.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "exit-analyzer/judge/permutation.h"
#include "exit-analyzer/judge/verdict.h"

static bool noisy_fits(const struct result *old, const struct result *new)
{
	(void)old;
	(void)new;
	return true;
}

/*
 * p of the direction in which the row changed. Where the floors already say
 * no, the test cannot change that, and is spared; 1 is no claim of anything.
 */
static void row_test(const struct verdict *v, struct verdict_row *r)
{
	const struct result_row *old = r->old, *new = r->new;

	r->p = 1;
	if (!verdict_beyond_floors(v, r))
		return;
	r->interval = bootstrap_change(old->round, old->rounds, new->round,
				       new->rounds);
	if (new->cost > old->cost)
		r->p = permutation_p(old->round, old->rounds, new->round,
				     new->rounds);
	else
		r->p = permutation_p(new->round, new->rounds, old->round,
				     old->rounds);
}

static int p_order(const void *a, const void *b)
{
	double x = (*(struct verdict_row *const *)a)->p;
	double y = (*(struct verdict_row *const *)b)->p;

	return x < y ? -1 : x > y;
}

/*
 * Holm: the smallest of m p-values times m, the next times m - 1, and never
 * less than the one before. What is then below alpha is so in all of them.
 */
static int rows_correct(struct verdict *v)
{
	struct verdict_row **tested = calloc(v->rows + 1, sizeof(*tested));
	double above = 0;
	size_t count = 0;

	if (!tested)
		return -ENOMEM;
	for (size_t i = 0; i < v->rows; i++)
		if (v->row[i].old && v->row[i].new)
			tested[count++] = &v->row[i];
	qsort(tested, count, sizeof(*tested), p_order);
	for (size_t i = 0; i < count; i++) {
		above = fmax(above, fmin(1, tested[i]->p * (double)(count - i)));
		tested[i]->p = above;
	}
	free(tested);
	return 0;
}

static enum verdict_kind noisy_kind(const struct verdict *v,
				    const struct verdict_row *r)
{
	if (r->new->cost == r->old->cost)
		return VERDICT_SAME;
	return verdict_beyond_floors(v, r) && r->p < v->limits.alpha ?
	       verdict_changed_kind(r) : VERDICT_WITHIN;
}

static int noisy_judge(struct verdict *v)
{
	struct verdict_row *r, *end = v->row + v->rows;

	for (r = v->row; r < end; r++)
		if (r->old && r->new)
			row_test(v, r);
	if (rows_correct(v))
		return -ENOMEM;
	for (r = v->row; r < end; r++)
		if (r->old && r->new)
			r->kind = noisy_kind(v, r);
	return 0;
}

static int noisy_describe(const struct verdict *v, const struct verdict_row *row,
			  char *text, size_t bytes)
{
	if (!verdict_beyond_floors(v, row))
		return 0;
	return snprintf(text, bytes, ", 95%% within %+.2f%% to %+.2f%%, "
			"p = %.2g", row->interval.low, row->interval.high,
			row->p);
}

const struct judgement judgement_noisy = {
	.name = "noisy",
	.fits = noisy_fits,
	.judge = noisy_judge,
	.describe = noisy_describe,
	.floor_percent = 2,
	.floor_ticks = 20,
	.rounds_min = VERDICT_ROUNDS_MIN,
	.retry = true,
	.probable = true,
	.no_functions = "they are known on the deterministic machine only "
			"(run --deterministic)",
};
