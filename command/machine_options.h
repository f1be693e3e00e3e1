/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options that describe a machine to start, the same for every command
 * that starts one. A command lists in its own table those that it has, with
 * these keys, and words of its own about what they are there for.
 */
#ifndef COMMAND_MACHINE_OPTIONS_H
#define COMMAND_MACHINE_OPTIONS_H

#include <argp.h>

#include "machine/machine.h"

/* Where no command's own keys are. */
enum machine_option_key {
	MACHINE_KEY_INITRD = 0x1000,
	MACHINE_KEY_APPEND,
	MACHINE_KEY_MEM,
	MACHINE_KEY_RING,
	MACHINE_KEY_CPUS,
	MACHINE_KEY_DETERMINISTIC,
	MACHINE_KEY_NAME,
	MACHINE_KEY_CORE,
	MACHINE_KEY_CORE_OPTIONS,
	MACHINE_KEY_CPU_MODEL,
};

/* For a parser: 0, EINVAL after having told the user, or ARGP_ERR_UNKNOWN. */
error_t machine_option_parse(int key, char *arg,
			     const struct argp_state *state,
			     struct machine_config *m);

#endif
