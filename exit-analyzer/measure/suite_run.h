/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run on a machine: exit-bench, whose console says what things cost, with
 * our core or without it, or someone's own guest, whose exits the trace shows.
 */
#ifndef EXIT_ANALYZER_MEASURE_SUITE_RUN_H
#define EXIT_ANALYZER_MEASURE_SUITE_RUN_H

#include "exit-analyzer/measure/run_options.h"
#include "exit-analyzer/result/result.h"

/*
 * One boot: adds a round of every row, and the facts. 0, or a negative errno
 * with a sentence in why; rows so far are kept and r->failure is set.
 * -EINTR: a signal's handler ran.
 */
int suite_run(struct result *r, const struct run_options *options,
	      char why[RUN_WHY_BYTES]);

#endif
