/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC's timer: one-shot, periodic, TSC deadline. A masked timer
 * counts, as reads show, but is never armed: nobody would hear it.
 */
#include "vmm-core/dev/irq/lapic_timer.h"

#include "vmm-core/dev/clock.h"

static u32 timer_mode(const struct lapic *apic)
{
	return apic->lvt[LVT_TIMER] & LVT_TIMER_MODE;
}

/* Bits 3, 1 and 0 say 2, 4, 8, ..., 128, 1. */
static unsigned int divide_shift(u32 divide)
{
	return ((divide >> 1 & 4) + (divide & 3) + 1) & 7;
}

static u64 period_tsc(const struct lapic *apic)
{
	return (u64)apic->timer_initial << divide_shift(apic->timer_divide);
}

static u64 count_deadline(const struct lapic *apic, u64 now)
{
	u64 period = period_tsc(apic), elapsed = now - apic->timer_start_tsc;

	if (!period)
		return TSC_NEVER;
	if (timer_mode(apic) == LVT_TIMER_PERIODIC)
		return now + period - elapsed % period;
	return elapsed >= period ? TSC_NEVER : apic->timer_start_tsc + period;
}

void lapic_timer_rearm(struct lapic *apic, u64 now)
{
	apic->deadline_tsc = TSC_NEVER;
	if (apic->lvt[LVT_TIMER] & LVT_MASKED || !lapic_enabled(apic))
		return;
	if (timer_mode(apic) != LVT_TIMER_DEADLINE)
		apic->deadline_tsc = count_deadline(apic, now);
	else if (apic->timer_deadline)
		apic->deadline_tsc = apic->timer_deadline;
}

void lapic_timer_set_lvt(struct lapic *apic, u32 value, u64 now)
{
	u32 change = apic->lvt[LVT_TIMER] ^ value;

	/* to and from deadline mode, the timer starts out disarmed */
	if (change & LVT_TIMER_DEADLINE) {
		apic->timer_initial = 0;
		apic->timer_deadline = 0;
	}
	apic->lvt[LVT_TIMER] = value;
	lapic_timer_rearm(apic, now);
}

void lapic_timer_set_initial(struct lapic *apic, u32 value, u64 now)
{
	if (timer_mode(apic) == LVT_TIMER_DEADLINE)
		return;
	apic->timer_initial = value;
	apic->timer_start_tsc = now;
	lapic_timer_rearm(apic, now);
}

void lapic_timer_set_divide(struct lapic *apic, u32 value, u64 now)
{
	u32 counted = apic->timer_initial - lapic_timer_current(apic, now);

	apic->timer_divide = value & 0xb;
	/* the count goes on from where it is, at the new rate */
	apic->timer_start_tsc = now - ((u64)counted << divide_shift(value));
	lapic_timer_rearm(apic, now);
}

void lapic_timer_set_deadline(struct lapic *apic, u64 tsc, u64 now)
{
	if (timer_mode(apic) != LVT_TIMER_DEADLINE)
		return;
	apic->timer_deadline = tsc;
	lapic_timer_rearm(apic, now);
}

u32 lapic_timer_current(const struct lapic *apic, u64 now)
{
	unsigned int shift = divide_shift(apic->timer_divide);
	u64 counts = (now - apic->timer_start_tsc) >> shift;

	if (!apic->timer_initial || timer_mode(apic) == LVT_TIMER_DEADLINE)
		return 0;
	if (timer_mode(apic) == LVT_TIMER_PERIODIC)
		counts %= apic->timer_initial;
	return counts >= apic->timer_initial ?
	       0 : apic->timer_initial - (u32)counts;
}

void lapic_tick(struct lapic *apic, u64 now)
{
	if (now < apic->deadline_tsc)
		return;
	lapic_raise(apic, apic->lvt[LVT_TIMER] & LVT_VECTOR, false);
	/* ticks that were missed are not made up for */
	apic->timer_deadline = 0;
	lapic_timer_rearm(apic, now);
}
