/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast the TSC runs.
 */
#ifndef VMM_CORE_CPU_TSC_H
#define VMM_CORE_CPU_TSC_H

#include "vmm-core/cpu/firmware.h"
#include "vmm-core/lib/types.h"

/* Frequency of the TSC, measured at boot. */
extern u64 tsc_khz;

/* Sets tsc_khz. Refuses on a machine with nothing to measure it by. */
void tsc_calibrate(const struct firmware *fw);

static inline u64 ns_to_tsc(u64 ns)
{
	return (u64)((unsigned __int128)ns * tsc_khz / 1000000);
}

static inline u64 tsc_to_ns(u64 tsc)
{
	return (u64)((unsigned __int128)tsc * 1000000 / tsc_khz);
}

#endif
