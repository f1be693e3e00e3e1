/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-bench on QEMU alone: what exits cost under the KVM of this host, or
 * what the emulator itself takes for them.
 */
#ifndef EXIT_ANALYZER_MEASURE_BARE_RUN_H
#define EXIT_ANALYZER_MEASURE_BARE_RUN_H

#include "exit-analyzer/measure/run_options.h"

/* One boot, the console in the file console_fd. 0, or a negative errno with a
 * sentence in why, as suite_run() has them. */
int bare_run(const struct run_options *options, int console_fd,
	     char why[RUN_WHY_BYTES]);

#endif
