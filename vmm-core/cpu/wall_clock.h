/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time of day.
 */
#ifndef VMM_CORE_CPU_WALL_CLOCK_H
#define VMM_CORE_CPU_WALL_CLOCK_H

#include "vmm-core/lib/types.h"

/* The pair that ties the TSC to the time: at tsc it was ns after 1970, UTC. */
struct wall_clock {
	u64 tsc, ns;
};

/* As the machine's own clock showed it at boot, taken for UTC. */
extern struct wall_clock wall_clock;

void wall_clock_read(void);

#endif
