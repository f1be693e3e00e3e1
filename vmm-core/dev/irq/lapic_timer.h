/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC's timer: one-shot, periodic, TSC deadline.
 */
#ifndef VMM_CORE_DEV_IRQ_LAPIC_TIMER_H
#define VMM_CORE_DEV_IRQ_LAPIC_TIMER_H

#include "vmm-core/dev/irq/lapic.h"

/* Fires the timer if now has reached deadline_tsc. */
void lapic_tick(struct lapic *apic, u64 now);

/* After a change of LVT, initial count or deadline. */
void lapic_timer_rearm(struct lapic *apic, u64 now);
void lapic_timer_set_lvt(struct lapic *apic, u32 value, u64 now);
void lapic_timer_set_initial(struct lapic *apic, u32 value, u64 now);
void lapic_timer_set_divide(struct lapic *apic, u32 value, u64 now);
void lapic_timer_set_deadline(struct lapic *apic, u64 tsc, u64 now);
u32 lapic_timer_current(const struct lapic *apic, u64 now);

#endif
