/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results over time, in a SQLite database. Runs are told apart by their
 * machine: a series never mixes two.
 */
#ifndef EXIT_ANALYZER_RESULT_HISTORY_H
#define EXIT_ANALYZER_RESULT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit-analyzer/result/result.h"

struct history;

struct history_run {
	int64_t id;
	char added[32];		/* UTC */
	char label[64], build_id[48];
	int64_t rows;
	bool deterministic;
};

struct history_point {
	int64_t run;
	char label[64];
	uint64_t cost;
};

struct history_series {
	struct history_point *point;	/* oldest first; caller frees */
	size_t count;
	bool deterministic;
};

/* create: makes a missing file. NULL and a sentence in why. */
struct history *history_open(const char *path, bool create, char *why,
			     size_t bytes);
void history_close(struct history *h);
const char *history_error(const struct history *h);

/* The new run's id, or a negative errno. A failed run is not taken. */
int64_t history_add(struct history *h, const struct result *r,
		    const char *label);
/* Calls back for every run, oldest first. 0 or a negative errno. */
int history_runs(struct history *h,
		 void (*show)(const struct history_run *run));
/* The row's costs on the machine of the newest run that has it. 0,
 * -ENOENT: no run has it, or another negative errno. */
int history_series(struct history *h, const char *row,
		   struct history_series *series);

#endif
