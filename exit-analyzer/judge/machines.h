/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells whether the machines of two results compare, by their facts, each
 * with the weight that result/fact_rules.c gives it.
 */
#ifndef EXIT_ANALYZER_JUDGE_MACHINES_H
#define EXIT_ANALYZER_JUDGE_MACHINES_H

#include "exit-analyzer/result/result.h"

/* Lines "  NAME: 'a' against 'b'", each text NULL if it has none. */
struct machines_difference {
	char *decides;		/* the results do not compare */
	char *noted;		/* they do; a reader may want to know */
};

/* 0 or -ENOMEM; released either way. */
int machines_compare(struct machines_difference *d, const struct result *a,
		     const struct result *b);
void machines_release(struct machines_difference *d);

#endif
