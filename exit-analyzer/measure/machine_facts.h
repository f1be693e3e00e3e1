/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Adds to a result on what it was measured: the facts that decide whether it
 * compares with another, and those that are only recorded.
 */
#ifndef EXIT_ANALYZER_MEASURE_MACHINE_FACTS_H
#define EXIT_ANALYZER_MEASURE_MACHINE_FACTS_H

#include "exit-analyzer/measure/run_options.h"
#include "exit-analyzer/result/result.h"
#include "machine/machine.h"

/* Describes a machine that this run started; m is not looked at if it ran
 * without the core. 0 or -ENOMEM. */
int machine_facts_add(struct result *r, const struct machine *m,
		      const struct run_options *options);

#endif
