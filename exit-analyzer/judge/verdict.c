/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judgement on a result.
 */
#include "exit-analyzer/judge/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/judge/judgement.h"

/* At most 1 comparison in 1,000 of equal things fails, whatever its rows. */
#define ALPHA_DEFAULT		0.001

static double percent_of(double old, double new)
{
	return (new - old) * 100 / (old > 0 ? old : 1);
}

bool verdict_beyond_floors(const struct verdict *v, const struct verdict_row *r)
{
	double delta = fabs((double)r->new->cost - (double)r->old->cost);

	return delta > v->limits.floor_ticks &&
	       fabs(r->percent) > v->limits.floor_percent;
}

/* No round of it cost anything: what was to be measured did not happen. */
static bool measured_nothing(const struct result_row *row)
{
	for (size_t i = 0; i < row->rounds; i++)
		if (row->round[i])
			return false;
	return !row->cost;
}

/* Whatever limits the user sets: only what noise may swallow may be 0. */
static bool fell_to_nothing(const struct verdict *v,
			    const struct verdict_row *r)
{
	return r->old && r->new && measured_nothing(r->new) &&
	       (double)r->old->cost > v->judgement->floor_ticks;
}

enum verdict_kind verdict_changed_kind(const struct verdict_row *r)
{
	return r->new->cost > r->old->cost ? VERDICT_WORSE : VERDICT_BETTER;
}

static const struct result_row *figures(const struct result_row *row)
{
	return row && !row->skipped ? row : NULL;
}

static void row_begin(const struct verdict *v, struct verdict_row *r,
		      const struct result_row *old,
		      const struct result_row *new)
{
	r->name = old ? old->name : new->name;
	r->old = figures(old);
	r->new = figures(new);
	if (r->old && r->new)
		r->percent = percent_of((double)r->old->cost,
					(double)r->new->cost);
	else if (r->old)
		r->kind = new || result_row_asked(v->new, r->name) ?
			  VERDICT_GONE : VERDICT_NOT_RUN;
	else
		r->kind = r->new ? VERDICT_NEW : VERDICT_SAME;
}

/* Rows of both, by name: each result keeps its rows in order. */
static int rows_pair(struct verdict *v)
{
	const struct result *old = v->old, *new = v->new;
	size_t i = 0, j = 0;

	v->row = calloc(old->rows + new->rows + 1, sizeof(*v->row));
	if (!v->row)
		return -ENOMEM;
	while (i < old->rows || j < new->rows) {
		int order = i == old->rows ? 1 : j == new->rows ? -1 :
			    strcmp(old->row[i].name, new->row[j].name);

		row_begin(v, &v->row[v->rows++],
			  order <= 0 ? &old->row[i] : NULL,
			  order >= 0 ? &new->row[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return 0;
}

static int rows_judge(struct verdict *v)
{
	int err = v->judgement->judge(v);

	for (size_t i = 0; !err && i < v->rows; i++) {
		if (fell_to_nothing(v, &v->row[i]))
			v->row[i].kind = VERDICT_NOTHING;
		v->count[v->row[i].kind]++;
		v->failed += verdict_row_failed(&v->row[i]);
	}
	return err;
}

static void limits_complete(struct verdict *v)
{
	struct verdict_limits *l = &v->limits;

	if (l->floor_percent < 0)
		l->floor_percent = v->judgement->floor_percent;
	if (l->floor_ticks < 0)
		l->floor_ticks = v->judgement->floor_ticks;
	if (l->alpha <= 0)
		l->alpha = ALPHA_DEFAULT;
}

static int failure_check(const struct result *r, const char *which, char *why,
			 size_t bytes)
{
	if (!r->failure)
		return 0;
	snprintf(why, bytes, "%s is of a run that failed: %s", which,
		 r->failure);
	return -EINVAL;
}

/* Do the machines compare, or are they forced to? */
static int machines_check(const struct verdict *v, char *why, size_t bytes)
{
	const char *differs = v->machines.decides;

	if (!differs || v->limits.force)
		return 0;
	snprintf(why, bytes, "they come from different machines; bless a "
		 "result of this machine, or give --force:\n%.*s",
		 (int)strlen(differs) - 1, differs);
	return -EINVAL;
}

/* 0 if it allows a judgement. */
static int figures_check(const struct result *r, const char *which,
			 size_t rounds_min, char *why, size_t bytes)
{
	bool any = false;

	for (size_t i = 0; i < r->rows; i++) {
		const struct result_row *row = &r->row[i];

		any |= !row->skipped && !measured_nothing(row);
		if (row->skipped || row->rounds >= rounds_min)
			continue;
		snprintf(why, bytes, "row %s of %s has %zu rounds, and a "
			 "machine that is not deterministic needs at least "
			 "%zu; run with --rounds", row->name, which,
			 row->rounds, rounds_min);
		return -EINVAL;
	}
	if (any)
		return 0;
	snprintf(why, bytes, "%s has no row that costs anything: nothing was "
		 "measured", which);
	return -EINVAL;
}

/* At least one row must have been compared, or have failed. */
static int rows_check(const struct verdict *v, char *why, size_t bytes)
{
	for (size_t i = 0; i < v->rows; i++)
		if (v->failed || (v->row[i].old && v->row[i].new &&
				  !measured_nothing(v->row[i].new)))
			return 0;
	snprintf(why, bytes, "no row of the result is in the baseline: "
		 "nothing was compared; bless a result that has them");
	return -EINVAL;
}

static int results_check(const struct verdict *v, char *why, size_t bytes)
{
	static const char *const which[] = { "the baseline", "the result" };
	const struct result *const r[] = { v->old, v->new };
	int err = 0;

	for (int i = 0; !err && i < 2; i++)
		err = failure_check(r[i], which[i], why, bytes);
	if (!err)
		err = machines_check(v, why, bytes);
	for (int i = 0; !err && i < 2; i++)
		err = figures_check(r[i], which[i], v->judgement->rounds_min,
				    why, bytes);
	return err;
}

/* A line for each assumption of the judgement that does not hold. */
static int assumptions_check(struct verdict *v)
{
	const struct judgement *j = v->judgement;
	char why[JUDGEMENT_WHY_BYTES];
	size_t bytes;
	FILE *to = open_memstream(&v->doubts, &bytes);

	for (const struct assumption *a = j->assumption; to && a->name; a++)
		if (!a->holds(v, why, sizeof(why)))
			fprintf(to, "  the %s judgement assumes that %s; but "
				"%s\n", j->name, a->text, why);
	if (!to || fclose(to))
		return -ENOMEM;
	if (!*v->doubts) {
		free(v->doubts);
		v->doubts = NULL;
	}
	return 0;
}

int verdict_make(struct verdict *v, const struct result *old,
		 const struct result *new, const struct verdict_limits *limits,
		 char *why, size_t bytes)
{
	int err;

	*v = (struct verdict){ .old = old, .new = new, .limits = *limits };
	v->judgement = judgement_choose(old, new);
	limits_complete(v);
	snprintf(why, bytes, "out of memory");
	err = machines_compare(&v->machines, old, new);
	if (!err)
		err = results_check(v, why, bytes);
	if (!err)
		err = rows_pair(v);
	if (!err)
		err = rows_judge(v);
	if (!err)
		err = rows_check(v, why, bytes);
	if (!err)
		err = assumptions_check(v);
	if (err)
		verdict_release(v);
	return err;
}

void verdict_release(struct verdict *v)
{
	free(v->row);
	free(v->doubts);
	machines_release(&v->machines);
	*v = (struct verdict){ 0 };
}

static const struct {
	const char *name;
	bool failed;		/* a row of this kind closes the gate */
} kinds[VERDICT_KINDS] = {
	[VERDICT_SAME] = { "same", false },
	[VERDICT_WITHIN] = { "within limits", false },
	[VERDICT_BETTER] = { "better", false },
	[VERDICT_NEW] = { "new", false },
	[VERDICT_NOT_RUN] = { "not run", false },
	[VERDICT_WORSE] = { "worse", true },
	[VERDICT_GONE] = { "gone", true },
	[VERDICT_NOTHING] = { "without cost", true },
};

bool verdict_row_failed(const struct verdict_row *row)
{
	return kinds[row->kind].failed;
}

const char *verdict_kind_name(enum verdict_kind kind)
{
	return kinds[kind].name;
}

const char *verdict_outcome(const struct verdict *v)
{
	return v->count[VERDICT_NOTHING] ? "error" :
	       v->failed ? "regression" : "ok";
}

char *verdict_rows_of(const struct verdict *v, enum verdict_kind kind)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = v->count[kind] ? open_memstream(&text, &bytes) : NULL;
	const char *between = "";

	for (size_t i = 0; to && i < v->rows; i++) {
		if (v->row[i].kind != kind)
			continue;
		fprintf(to, "%s%s", between, v->row[i].name);
		between = ", ";
	}
	if (to && !fclose(to))
		return text;
	free(text);
	return NULL;
}

int verdict_row_describe(const struct verdict *v, const struct verdict_row *row,
			 char *text, size_t bytes)
{
	const char *unit = result_unit(v->new);
	int n;

	if (row->kind == VERDICT_NOT_RUN)
		return snprintf(text, bytes, "was %llu %s; the run was to have "
				"other rows", (unsigned long long)
				row->old->cost, unit);
	if (row->kind == VERDICT_NOTHING)
		return snprintf(text, bytes, "was %llu %s, is 0: its operation "
				"did not happen", (unsigned long long)
				row->old->cost, unit);
	if (row->kind == VERDICT_GONE)
		return snprintf(text, bytes, "was %llu %s, is not measured any "
				"more", (unsigned long long)row->old->cost,
				unit);
	if (!row->old)
		return snprintf(text, bytes, "%llu %s, not in the baseline",
				row->new ? (unsigned long long)row->new->cost :
					   0, unit);
	n = snprintf(text, bytes, "%llu -> %llu %s, %+lld (%+.2f%%)",
		     (unsigned long long)row->old->cost,
		     (unsigned long long)row->new->cost, unit,
		     (long long)(row->new->cost - row->old->cost),
		     row->percent);
	if (!v->judgement->describe || n < 0 || (size_t)n >= bytes)
		return n;
	return n + v->judgement->describe(v, row, text + n, bytes - (size_t)n);
}
