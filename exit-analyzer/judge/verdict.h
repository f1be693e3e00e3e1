/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares a result with its baseline, row by row.
 *
 * How a row is judged is for a judgement (judgement.h); but whatever that
 * says, a row is worse only if it is by more than two floors, one relative
 * and one absolute.
 */
#ifndef EXIT_ANALYZER_JUDGE_VERDICT_H
#define EXIT_ANALYZER_JUDGE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit-analyzer/judge/bootstrap.h"
#include "exit-analyzer/judge/machines.h"
#include "exit-analyzer/result/result.h"

struct judgement;

enum verdict_kind {
	VERDICT_SAME,
	VERDICT_WITHIN,		/* changed, but not beyond floors and chance */
	VERDICT_BETTER,
	VERDICT_NEW,		/* the baseline does not have it */
	VERDICT_NOT_RUN,	/* the result was to have other rows only */
	VERDICT_WORSE,
	VERDICT_GONE,		/* the result lacks it, or skipped it */
	VERDICT_NOTHING,	/* it costs nothing, which no operation does */
	VERDICT_KINDS,
};

struct verdict_row {
	const char *name;	/* of the results, which must outlive this */
	enum verdict_kind kind;
	const struct result_row *old, *new;	/* NULL: no figures there */
	double percent;		/* of change; of a cost of 0: against 1 tick */
	/* not of deterministic results, and only beyond the floors */
	double p;		/* corrected for the number of rows */
	struct bootstrap_interval interval;
};

struct verdict_limits {
	/* both must be exceeded; below 0: the default of the machine */
	double floor_percent, floor_ticks;
	double alpha;		/* of a whole comparison; 0: the default */
	bool force;		/* although the machines do not compare */
};

struct verdict {
	const struct result *old, *new;
	struct verdict_limits limits;	/* as used */
	const struct judgement *judgement;
	struct verdict_row *row;	/* sorted by name */
	size_t rows;
	size_t count[VERDICT_KINDS];	/* of the rows */
	size_t failed;		/* rows of kinds that close the gate */
	struct machines_difference machines;
	char *doubts;	/* lines: assumptions that do not hold; NULL: all do */
};

/* fewest rounds with which the test can find anything in many rows */
#define VERDICT_ROUNDS_MIN 12

/*
 * 0, or a negative errno with a sentence: a result that does not allow a
 * judgement (of a failed run, without figures, with too few rounds, without a
 * row that the other has), or another machine's.
 */
int verdict_make(struct verdict *v, const struct result *old,
		 const struct result *new, const struct verdict_limits *limits,
		 char *why, size_t bytes);
void verdict_release(struct verdict *v);

bool verdict_row_failed(const struct verdict_row *row);
/* For judgements, of rows that both results have. Did the cost change by more
 * than both floors? */
bool verdict_beyond_floors(const struct verdict *v,
			   const struct verdict_row *row);
/* Which kind is a change beyond the floors that is not by chance? */
enum verdict_kind verdict_changed_kind(const struct verdict_row *r);
/* "worse", "gone", ... */
const char *verdict_kind_name(enum verdict_kind kind);
/* "ok"; "regression"; "error", if a row costs nothing. */
const char *verdict_outcome(const struct verdict *v);
/* "a, b, c": the rows of one kind. Caller frees; NULL: none, or no memory. */
char *verdict_rows_of(const struct verdict *v, enum verdict_kind kind);
/* One line without a newline: old -> new, delta and percent, and how sure. */
int verdict_row_describe(const struct verdict *v, const struct verdict_row *row,
			 char *text, size_t bytes);

#endif
