/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device clocks derived from the TSC. Conversions are exact: a device that
 * asks to be woken at ticks_to_tsc(n) finds tsc_to_ticks() >= n then.
 */
#ifndef VMM_CORE_DEV_CLOCK_H
#define VMM_CORE_DEV_CLOCK_H

#include "vmm-core/cpu/tsc.h"
#include "vmm-core/lib/types.h"

#define TSC_NEVER	(~0ull)
#define NS_PER_SECOND	1000000000ull

/*
 * (a * b + extra) / c without the 128-bit division that needs libgcc;
 * all ones where the quotient does not fit (DIV would fault).
 */
static inline u64 mul_add_div(u64 a, u64 b, u64 extra, u64 c)
{
	unsigned __int128 product = (unsigned __int128)a * b + extra;
	u64 low = (u64)product, high = (u64)(product >> 64);

	if (high >= c)
		return ~0ull;
	asm("divq %2" : "+a"(low), "+d"(high) : "r"(c) : "cc");
	return low;
}

static inline u64 tsc_to_ticks(u64 tsc, u64 hz)
{
	return mul_add_div(tsc, hz, 0, tsc_khz * 1000);
}

/* Rounded up. */
static inline u64 ticks_to_tsc(u64 ticks, u64 hz)
{
	return mul_add_div(ticks, tsc_khz * 1000, hz - 1, hz);
}

#endif
