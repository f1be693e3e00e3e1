/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run on a machine: exit-bench, whose console says what things cost, with
 * our core or without it, or someone's own guest, whose exits the trace shows.
 */
#ifndef EXIT_ANALYZER_MEASURE_SUITE_RUN_H
#define EXIT_ANALYZER_MEASURE_SUITE_RUN_H

#include <stdbool.h>

#include "exit-analyzer/result/result.h"
#include "machine/machine.h"

#define RUN_WHY_BYTES 8192

struct run_options {
	struct machine_config machine;
	bool own_guest;		/* machine.kernel is the user's */
	bool functions;		/* wanted; on a deterministic machine only */
	bool bare;		/* exit-bench on QEMU, without the core */
	bool bare_kvm;		/* and that with KVM */
	unsigned int timeout_s;	/* of the host's clock */
};

/* A fact of a result: functions were wanted and there are none, because. */
#define RUN_NO_FUNCTIONS "no_functions"

/*
 * One boot: adds a round of every row, and the facts. 0, or a negative errno
 * with a sentence in why; rows so far are kept and r->failure is set.
 * -EINTR: a signal's handler ran.
 */
int suite_run(struct result *r, const struct run_options *options,
	      char why[RUN_WHY_BYTES]);

#endif
