/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judgement on deterministic machines: costs repeat to the last
 * instruction, so any difference is one.
 */
#include "exit-analyzer/judge/judgement.h"

#include "exit-analyzer/judge/verdict.h"

static bool exact_fits(const struct result *old, const struct result *new)
{
	return result_deterministic(old) && result_deterministic(new);
}

static enum verdict_kind exact_kind(const struct verdict *v,
				    const struct verdict_row *r)
{
	if (r->new->cost == r->old->cost)
		return VERDICT_SAME;
	return verdict_beyond_floors(v, r) ? verdict_changed_kind(r) :
					     VERDICT_WITHIN;
}

static int exact_judge(struct verdict *v)
{
	for (size_t i = 0; i < v->rows; i++)
		if (v->row[i].old && v->row[i].new)
			v->row[i].kind = exact_kind(v, &v->row[i]);
	return 0;
}

static bool rounds_repeat(const struct result *r, const char *which, char *why,
			  size_t bytes)
{
	for (size_t i = 0; i < r->rows; i++) {
		const struct result_row *row = &r->row[i];

		for (size_t j = 1; j < row->rounds; j++) {
			if (row->round[j] == row->round[0])
				continue;
			snprintf(why, bytes, "row %s of %s cost %llu in one "
				 "round and %llu in another", row->name, which,
				 (unsigned long long)row->round[0],
				 (unsigned long long)row->round[j]);
			return false;
		}
	}
	return true;
}

static bool costs_repeat(const struct verdict *v, char *why, size_t bytes)
{
	return rounds_repeat(v->old, "the baseline", why, bytes) &&
	       rounds_repeat(v->new, "the result", why, bytes);
}

static const struct assumption assumptions[] = {
	{ "costs-repeat", "a row costs the same in every run", costs_repeat },
	{ 0 }
};

const struct judgement judgement_exact = {
	.name = "exact",
	.assumption = assumptions,
	.fits = exact_fits,
	.judge = exact_judge,
	.no_functions = "not both results have them (run --deterministic "
			"stores them, bless keeps them)",
};
