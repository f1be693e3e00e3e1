/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several runs, one after the other; of two cores in turns, so that what
 * changes on the host meanwhile happens to both.
 */
#ifndef EXIT_ANALYZER_MEASURE_ROUNDS_H
#define EXIT_ANALYZER_MEASURE_ROUNDS_H

#include "exit-analyzer/measure/suite_run.h"

struct rounds {
	struct run_options run;
	const char *against;	/* a second core; NULL: none */
	unsigned int count;
	bool progress;		/* on stderr */
};

/*
 * Fills one result, and that of the second core. 0, or a negative errno
 * with a sentence: then rows so far are kept, and the failure is in the
 * result that it happened to.
 */
int rounds_run(const struct rounds *rounds, struct result *result,
	       struct result *against, char why[RUN_WHY_BYTES]);

#endif
