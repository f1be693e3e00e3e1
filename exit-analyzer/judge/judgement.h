/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How two results are judged: one row a way, with what it assumes. A new way
 * is a file judgement_NAME.c and a row in judgement.c.
 */
#ifndef EXIT_ANALYZER_JUDGE_JUDGEMENT_H
#define EXIT_ANALYZER_JUDGE_JUDGEMENT_H

#include <stdbool.h>
#include <stddef.h>

struct result;
struct verdict;
struct verdict_row;

/* A judgement takes this for given. Where it does not hold, the verdict
 * stands, but the report says that it may err. */
struct assumption {
	const char *name;
	const char *text;	/* behind "it assumes that" */
	/* false, with a clause that says why not; of a complete verdict */
	bool (*holds)(const struct verdict *v, char *why, size_t bytes);
};

struct judgement {
	const char *name;
	/* ends with a row without a name */
	const struct assumption *assumption;
	/* Are these two results of the kind it is for? */
	bool (*fits)(const struct result *old, const struct result *new);
	/* Sets the kind of every row that both results have. 0 or -ENOMEM. */
	int (*judge)(struct verdict *v);
	/* Adds to a row's description how sure it is; NULL: there is nothing
	 * to add. As snprintf(). */
	int (*describe)(const struct verdict *v, const struct verdict_row *row,
			char *text, size_t bytes);
	/* both of the default floors must be exceeded */
	double floor_percent, floor_ticks;
	size_t rounds_min;	/* of every row; 0: one run is enough */
	bool retry;		/* what failed may be chance: measure again */
	bool probable;		/* rows have p and an interval */
	/* why results of this kind may have no functions */
	const char *no_functions;
};

extern const struct judgement judgement_exact;
extern const struct judgement judgement_noisy;

/* Longer than any clause of a holds() but for the name of a row. */
#define JUDGEMENT_WHY_BYTES 512

/* The first row that fits; the last one always does. */
const struct judgement *judgement_choose(const struct result *old,
					 const struct result *new);

#endif
