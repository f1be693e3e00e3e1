/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs in turns.
 */
#include "exit-analyzer/measure/rounds.h"

#include <errno.h>
#include <stdio.h>

#include "exit-analyzer/measure/suite_output.h"

static void progress_show(const struct rounds *rounds, unsigned int done)
{
	if (rounds->progress)
		fprintf(stderr, "\r[ exit-analyzer run: round %u of %u ]%s",
			done, rounds->count, done == rounds->count ? "\n" : "");
}

int rounds_run(const struct rounds *rounds, struct result *result,
	       struct result *against, char why[RUN_WHY_BYTES])
{
	struct run_options other = rounds->run;
	unsigned int done = 0;
	int err = 0;

	other.machine.core = rounds->against;
	while (!err && done < rounds->count) {
		err = suite_run(result, &rounds->run, why);
		if (!err && rounds->against)
			err = suite_run(against, &other, why);
		progress_show(rounds, ++done);
	}
	if (suite_rounds_close(result, done) ||
	    (rounds->against && suite_rounds_close(against, done))) {
		snprintf(why, RUN_WHY_BYTES, "out of memory");
		return -ENOMEM;
	}
	return err;
}
