/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A recording as it was asked for.
 */
#ifndef VMPROF_RECORD_OPTIONS_H
#define VMPROF_RECORD_OPTIONS_H

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

#endif
