/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A recording: a machine, started or attached to, drained into a file until
 * it stops, or someone stops us.
 */
#ifndef VMPROF_RECORDER_H
#define VMPROF_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/machine.h"

struct record_options {
	/* the machine to start; not used when attaching */
	struct machine_config machine;
	bool attach;
	const char *attach_name; /* NULL: the only one there is */
	const char *output;
	const char *command;	/* for the file's header */
	uint64_t duration_ns;	/* of machine time; 0: until it stops */
	bool quiet, verbose, progress;
};

/* Returns an exit status (vmprof/cmd.h), having said what there is to say. */
int recording_run(const struct record_options *options);

#endif
