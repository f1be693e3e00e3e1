/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measuring a clock against the TSC, on machines that may stop for a while
 * at any moment (emulators on busy hosts).
 *
 * Each look at the clock is bracketed by two reads of the TSC, so a pair of
 * looks bounds the ratio of the two clocks for certain: a pause between the
 * reads only makes that pair's bounds wide. All pairs together give bounds
 * that noise cannot shift.
 */
#ifndef VMM_CORE_CPU_CLOCK_H
#define VMM_CORE_CPU_CLOCK_H

#include "vmm-core/lib/types.h"

struct clock {
	u32 (*read)(void);
	u32 mask;		/* of the bits that count; it wraps there */
	bool down;
	u32 ticks_max;		/* stop after that many at the latest */
	unsigned int precision;	/* stop when known to 1 / 2^precision */
};

/* TSC ticks in 2^32 ticks of the clock: at least low, at most high. */
struct clock_ratio {
	u64 low, high;
};

/* -ENODEV: it stands still. -EIO: the bounds contradict each other. */
int clock_measure(const struct clock *clock, struct clock_ratio *ratio);

/*
 * The roundest number in [low, high]: what was measured as 999,998 to
 * 1,000,003 is 1,000,000.
 */
u64 clock_round(u64 low, u64 high);

#endif
