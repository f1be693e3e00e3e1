/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of judgements.
 */
#include "exit-analyzer/judge/judgement.h"

static const struct judgement *const judgements[] = {
	&judgement_exact,
	&judgement_noisy,
};

const struct judgement *judgement_choose(const struct result *old,
					 const struct result *new)
{
	size_t i = 0, last = sizeof(judgements) / sizeof(judgements[0]) - 1;

	while (i < last && !judgements[i]->fits(old, new))
		i++;
	return judgements[i];
}
