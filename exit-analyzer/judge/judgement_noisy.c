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

/* Rows of a steady machine are taken for drifting this seldom. */
#define DRIFT_ALPHA 0.01

static bool noisy_fits(const struct result *old, const struct result *new)
{
	(void)old;
	(void)new;
	return true;
}

/*
 * Sets p of the direction in which the row changed. A row within the floors
 * needs no test; its p is 1, which claims nothing.
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
 * less than the one before. A p that is then below alpha holds for all rows
 * together.
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

/* Could a row fail at all, as many as there are? */
static bool rounds_suffice(const struct verdict *v, char *why, size_t bytes)
{
	size_t tested = 0;

	for (size_t i = 0; i < v->rows; i++)
		tested += v->row[i].old && v->row[i].new;
	for (size_t i = 0; i < v->rows; i++) {
		const struct verdict_row *r = &v->row[i];

		if (!r->old || !r->new ||
		    permutation_p_least(r->old->rounds, r->new->rounds) *
		    (double)tested < v->limits.alpha)
			continue;
		snprintf(why, bytes, "with %zu and %zu rounds, row %s of %zu "
			 "could not fail, however dear it got", r->old->rounds,
			 r->new->rounds, r->name, tested);
		return false;
	}
	return true;
}

/* Does the second half of its rounds differ from the first? */
static bool row_drifts(const struct result_row *row, double alpha)
{
	size_t half = row->rounds / 2;
	const uint64_t *late = row->round + half;
	double up = permutation_p(row->round, half, late, row->rounds - half);
	double down = permutation_p(late, row->rounds - half, row->round, half);

	return fmin(up, down) * 2 < alpha;
}

/* Only of rows that changed: those are what a drift could have made up. */
static bool rounds_are_steady(const struct verdict *v, char *why, size_t bytes)
{
	size_t changed = v->count[VERDICT_WORSE] + v->count[VERDICT_BETTER];

	for (size_t i = 0; i < v->rows; i++) {
		const struct verdict_row *r = &v->row[i];
		/* of both results, corrected for their number */
		double alpha = DRIFT_ALPHA / (double)(2 * changed + !changed);
		bool old_drifts;

		if (r->kind != VERDICT_WORSE && r->kind != VERDICT_BETTER)
			continue;
		old_drifts = row_drifts(r->old, alpha);
		if (!old_drifts && !row_drifts(r->new, alpha))
			continue;
		snprintf(why, bytes, "row %s changed from the first to the "
			 "second half of the rounds of %s", r->name,
			 old_drifts ? "the baseline" : "the result");
		return false;
	}
	return true;
}

static const struct assumption assumptions[] = {
	{ "rounds-suffice", "there are rounds enough to tell a change from "
	  "chance", rounds_suffice },
	{ "rounds-are-steady", "nothing but chance moves the rounds of a run",
	  rounds_are_steady },
	{ 0 }
};

const struct judgement judgement_noisy = {
	.name = "noisy",
	.assumption = assumptions,
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
