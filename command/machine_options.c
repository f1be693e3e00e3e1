/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options into the description of a machine.
 */
#include "command/machine_options.h"

#include "command/value.h"

error_t machine_option_parse(int key, char *arg,
			     const struct argp_state *state,
			     struct machine_config *m)
{
	switch (key) {
	case MACHINE_KEY_INITRD:
		m->initrd = arg;
		return 0;
	case MACHINE_KEY_APPEND:
		m->append = arg;
		return 0;
	case MACHINE_KEY_MEM:
		return value_size(state, "mem", arg, &m->guest_bytes);
	case MACHINE_KEY_RING:
		return value_size(state, "ring", arg, &m->ring_bytes);
	case MACHINE_KEY_CPUS:
		return value_count(state, "cpus", arg, ANCHOR_CPUS_MAX,
				   &m->cpus);
	case MACHINE_KEY_DETERMINISTIC:
		m->deterministic = true;
		return 0;
	case MACHINE_KEY_NAME:
		m->name = arg;
		return 0;
	case MACHINE_KEY_CORE:
		m->core = arg;
		return 0;
	case MACHINE_KEY_CORE_OPTIONS:
		m->core_options = arg;
		return 0;
	case MACHINE_KEY_CPU_MODEL:
		m->cpu_model = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}
