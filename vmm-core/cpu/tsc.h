/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast the TSC runs (tsc_khz in cpu.h), and what time it is.
 */
#ifndef VMM_CORE_CPU_TSC_H
#define VMM_CORE_CPU_TSC_H

#include "vmm-core/lib/types.h"
#include "vmm-core/cpu/firmware.h"

/* Sets tsc_khz. Refuses on a machine with nothing to measure it by. */
void tsc_calibrate(const struct firmware *fw);

/* Nanoseconds since 1970 by the machine's own clock, taken for UTC. */
u64 wall_clock_ns(void);

#endif
