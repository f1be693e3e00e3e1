/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the local APIC share: interrupt state (lapic.c),
 * registers (lapic_regs.c), the timer (lapic_timer.c), messages
 * (lapic_ipi.c).
 */
#ifndef VMM_CORE_DEV_IRQ_LAPIC_INTERNAL_H
#define VMM_CORE_DEV_IRQ_LAPIC_INTERNAL_H

#include "vmm-core/dev/irq/lapic.h"

#define APIC_SVR_ENABLED	BIT(8)

/* Local vector table */
#define LVT_VECTOR		0xffu
#define LVT_MODE(v)		((v) >> 8 & 7)
#define LVT_MASKED		BIT(16)
#define LVT_TIMER_MODE		(3u << 17)
#define LVT_TIMER_PERIODIC	(1u << 17)
#define LVT_TIMER_DEADLINE	(2u << 17)

/* Error status */
#define ESR_SEND_ILLEGAL	BIT(5)
#define ESR_RECEIVE_ILLEGAL	BIT(6)
#define ESR_ILLEGAL_REGISTER	BIT(7)

static inline bool lapic_enabled(const struct lapic *apic)
{
	return apic->base & APIC_BASE_ENABLE && apic->svr & APIC_SVR_ENABLED;
}

static inline bool lapic_x2apic(const struct lapic *apic)
{
	return apic->base & APIC_BASE_X2APIC;
}

static inline void vector_set(struct vector_set *set, u8 vector)
{
	set->word[vector >> 6] |= BIT(vector & 63);
}

static inline void vector_clear(struct vector_set *set, u8 vector)
{
	set->word[vector >> 6] &= ~BIT(vector & 63);
}

static inline bool vector_test(const struct vector_set *set, u8 vector)
{
	return set->word[vector >> 6] >> (vector & 63) & 1;
}

/* The highest vector of the set, -1 if it is empty. */
static inline int vector_highest(const struct vector_set *set)
{
	int i;

	for (i = 3; i >= 0; i--)
		if (set->word[i])
			return i * 64 + 63 - __builtin_clzll(set->word[i]);
	return -1;
}

/* A 32-bit register of the set. */
static inline u32 vector_word(const struct vector_set *set, u32 index)
{
	return (u32)(set->word[index >> 1] >> (index & 1 ? 32 : 0));
}

/* Sets the vector pending; only on the CPU that runs the vCPU. */
void lapic_raise(struct lapic *apic, u8 vector, bool level);
void lapic_error(struct lapic *apic, u32 esr_bit);
u32 lapic_ppr(const struct lapic *apic);
void lapic_eoi(struct vcpu *vcpu);
/* Learns whether the guest ended its interrupt by the PV EOI flag. */
void lapic_pv_eoi_sync(struct lapic *apic);
bool lapic_pv_eoi_write(struct vcpu *vcpu, u64 value);

/* Sends what a write to the ICR asked for. */
void lapic_send_ipi(struct vcpu *vcpu, u64 icr);

/* After a change of LVT, initial count or deadline. */
void lapic_timer_rearm(struct lapic *apic, u64 now);
void lapic_timer_set_lvt(struct lapic *apic, u32 value, u64 now);
void lapic_timer_set_initial(struct lapic *apic, u32 value, u64 now);
void lapic_timer_set_divide(struct lapic *apic, u32 value, u64 now);
void lapic_timer_set_deadline(struct lapic *apic, u64 tsc, u64 now);
u32 lapic_timer_current(const struct lapic *apic, u64 now);

#endif
