/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run as it is asked for: what it measures, and on which machine.
 */
#ifndef EXIT_ANALYZER_MEASURE_RUN_OPTIONS_H
#define EXIT_ANALYZER_MEASURE_RUN_OPTIONS_H

#include <stdbool.h>

#include "machine/config.h"

#define RUN_WHY_BYTES 8192

struct run_options {
	struct machine_config machine;
	bool own_guest;		/* machine.kernel is the user's */
	bool functions;		/* wanted; on a deterministic machine only */
	bool bare;		/* exit-bench on QEMU, without the core */
	bool bare_kvm;		/* and that with KVM */
	unsigned int timeout_s;	/* of the host's clock */
};

/* A fact of a result: the reason why it has no functions, which were wanted. */
#define RUN_NO_FUNCTIONS "no_functions"

/* exit-bench on QEMU alone has a second CPU, and RAM for rows that want it. */
#define BARE_CPUS 2
#define BARE_GUEST_BYTES (384ull << 20)

#endif
