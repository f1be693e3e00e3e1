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

const struct judgement judgement_exact = {
	.name = "exact",
	.fits = exact_fits,
	.judge = exact_judge,
	.no_functions = "not both results have them (run --deterministic "
			"stores them, bless keeps them)",
};
