/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A result: what each row of a run cost, and on what it was measured.
 *
 * Facts of the machine are the comparison key: results whose machine differs
 * measure different things. The other facts (build-id, compiler) say what
 * was measured, and naturally differ between the two sides of a comparison.
 *
 * On disk it is JSON, one row a line, sorted by name, so that a baseline is
 * reviewed as text and two equal runs are equal files.
 */
#ifndef EXIT_ANALYZER_RESULT_RESULT_H
#define EXIT_ANALYZER_RESULT_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* a recorded fact, if not all rows of the suite were asked for: their names,
 * with commas between them */
#define RESULT_ASKED "rows_asked"
#define RESULT_FORMAT "exit-analyzer-result-1"
/* nothing that measures exits comes near; files may be hostile */
#define RESULT_ROWS_MAX 65536
#define RESULT_ROUNDS_MAX 1024
#define RESULT_FUNCTIONS_MAX 1024
/* of any figure: above it, readers of JSON may change a number */
#define RESULT_FIGURE_MAX (1ull << 53)

struct result_fact {
	char *name, *value;
};

/* How many instructions of one operation were executed in a function of the
 * core, or in one of the guest, "guest:NAME". */
struct result_function {
	char *name;
	uint64_t instructions;
};

struct result_facts {
	struct result_fact *fact;	/* sorted by name once on disk */
	size_t count;
};

/*
 * Ticks are the TSC's: instructions on the deterministic machine. cost is
 * what is compared: of exit-bench the median less what measuring costs, of a
 * traced guest the handling of all n exits together.
 */
struct result_row {
	char *name;
	char *skipped;		/* why there are no figures; NULL: there are */
	uint64_t n, min, p50, p95, max, cost;
	/* cost in each round of a machine that is not deterministic */
	uint64_t *round;
	size_t rounds;
	/* where the median operation's instructions went; none: not known */
	struct result_function *function;	/* sorted by name once on disk */
	size_t functions;
};

struct result {
	struct result_facts machine, recorded;
	char *failure;		/* why rows are missing; NULL: none is */
	struct result_row *row;
	size_t rows;
};

/* A zeroed struct is an empty result. */
void result_release(struct result *r);

/* 0 or -ENOMEM. A fact that is there already gets the new value. */
int result_fact_set(struct result_facts *facts, const char *name,
		    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* NULL: no such fact. */
const char *result_fact(const struct result_facts *facts, const char *name);

/* The new row, zeroed but for its name; NULL: no memory. */
struct result_row *result_row_add(struct result *r, const char *name);
/* Was the run to have this row? false: it was to have others only. */
bool result_row_asked(const struct result *r, const char *name);
struct result_row *result_row_find(const struct result *r, const char *name);
int result_row_round(struct result_row *row, uint64_t cost);
/* A function of this name that is there already gets more. 0 or -ENOMEM. */
int result_row_function(struct result_row *row, const char *name,
			uint64_t instructions);
/* Forgets them, so that they can be told anew. */
void result_row_functions_clear(struct result_row *row);
void result_sort(struct result *r);

/* Why it will not do as what others are held against; NULL: it will. */
const char *result_fault(const struct result *r);
bool result_deterministic(const struct result *r);
/* "instructions" or "ticks" */
const char *result_unit(const struct result *r);

/* 0, or a negative errno with a sentence that names file and line; "-" is
 * stdin. */
int result_read(struct result *r, const char *path, char *why, size_t bytes);
/* As result_read(), from text; name is for the sentence. */
int result_parse(struct result *r, const char *text, const char *name,
		 char *why, size_t bytes);
/* Sorts, then writes. 0 or a negative errno. */
int result_print(FILE *to, struct result *r);
/* The same into a file, which is whole or not there; "-" is stdout. */
int result_write(struct result *r, const char *path);

#endif
