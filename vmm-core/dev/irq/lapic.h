/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt state of a virtual local APIC (SDM volume 3, "Advanced
 * Programmable Interrupt Controller"); one is in every vCPU. Registers are
 * lapic_regs.h, the timer is lapic_timer.h, messages are apic_bus.h.
 *
 * Belongs to the CPU that runs the vCPU, except the mailbox marked (a), which
 * any CPU may fill through apic_bus.h; REQUEST_IRQ says
 * so to the vCPU loop, which then calls lapic_collect(). INIT, SIPI and NMI
 * go to the vCPU's requests and touch no local APIC.
 *
 * The vCPU loop asks lapic_pending() before every entry and says
 * lapic_accept() for what it injects. Paravirtual EOI needs nothing more:
 * both look at the guest's flag first.
 */
#ifndef VMM_CORE_DEV_IRQ_LAPIC_H
#define VMM_CORE_DEV_IRQ_LAPIC_H

#include "vmm-core/dev/irq/vector_set.h"
#include "vmm-core/lib/apic_regs.h"
#include "vmm-core/lib/types.h"

struct apic_bus;
struct requests;

#define LAPIC_GPA		0xfee00000ull

struct lapic {
	/* an IRR bit is set: else nothing pends */
	bool irr_any;
	/* the guest was told that it may end its interrupt without an exit */
	bool pv_eoi_armed;
	u32 id;
	u64 base;		/* IA32_APIC_BASE */
	u32 tpr, ldr, dfr, svr, esr, esr_pending;
	u64 icr;
	u32 lvt[LVTS];
	struct vector_set isr, tmr, irr;

	/* the timer counts at the TSC's rate, divided */
	u32 timer_initial, timer_divide;
	u64 timer_start_tsc;
	u64 timer_deadline;	/* the MSR; 0: not armed */
	u64 deadline_tsc;	/* when the timer fires next; ~0: not armed */

	/* PV EOI: the MSR, and the flag in guest memory; NULL when off */
	u64 pv_eoi_msr;
	volatile u8 *pv_eoi_flag;

	/* (a) fixed interrupts from other CPUs, on their way to irr */
	struct vector_set posted, posted_level;

	/* constant: the wire to the others, and what is asked of the CPU that
	 * runs the vCPU; lapic_reset() leaves both alone */
	struct apic_bus *bus;
	struct requests *requests;
};

/* Also what INIT does, which leaves IA32_APIC_BASE as it was. */
void lapic_init(struct lapic *apic, u32 id);
void lapic_reset(struct lapic *apic);

static inline bool lapic_enabled(const struct lapic *apic)
{
	return apic->base & APIC_BASE_ENABLE && apic->svr & SVR_ENABLED;
}

static inline bool lapic_x2apic(const struct lapic *apic)
{
	return apic->base & APIC_BASE_X2APIC;
}

/* lapic_pending(), when there may be something. */
int lapic_pending_vector(struct lapic *apic);

/* The vector deliverable now (above PPR), -1 for none. Cheap when none. */
static inline int lapic_pending(struct lapic *apic)
{
	if (likely(!apic->irr_any))
		return -1;
	return lapic_pending_vector(apic);
}

/* It is being delivered: IRR to ISR. */
void lapic_accept(struct lapic *apic, int vector);
/* Ends the innermost interrupt. Its vector if it was level-triggered, for
 * whoever sent it; else -1. */
int lapic_eoi(struct lapic *apic);
/* Sets the vector pending; only on the CPU that runs the vCPU. */
void lapic_raise(struct lapic *apic, u8 vector, bool level);
void lapic_error(struct lapic *apic, u32 esr_bit);
u32 lapic_ppr(const struct lapic *apic);
/* LINT0 lets the PIC through (ExtINT, not masked), or the APIC is off. */
bool lapic_extint_enabled(const struct lapic *apic);

/* CR8 is the high half of TPR. */
static inline u64 lapic_cr8_read(const struct lapic *apic)
{
	return apic->tpr >> 4;
}

static inline void lapic_cr8_write(struct lapic *apic, u64 value)
{
	apic->tpr = (u32)(value & 15) << 4;
}

/* The MSR and the flag that it points to; NULL switches PV EOI off. */
void lapic_pv_eoi_set(struct lapic *apic, u64 msr, u8 *flag);
/* Learns whether the guest ended its interrupt by the PV EOI flag. */
void lapic_pv_eoi_sync(struct lapic *apic);
/* Takes in what other CPUs posted. */
void lapic_collect(struct lapic *apic);

#endif
