/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual local APIC, xAPIC and x2APIC (SDM volume 3, "Advanced
 * Programmable Interrupt Controller"): one in every vCPU.
 *
 * Belongs to the CPU that runs the vCPU, except the mailbox marked (a), which
 * any CPU may fill through lapic_deliver() and lapic_post(); REQUEST_IRQ says
 * so to the vCPU loop, which then calls lapic_collect(). INIT, SIPI and NMI
 * go to the vCPU's requests and touch no local APIC.
 *
 * The vCPU loop asks lapic_pending() before every entry and says
 * lapic_accept() for what it injects. Paravirtual EOI needs nothing more:
 * both look at the guest's flag first.
 */
#ifndef VMM_CORE_DEV_IRQ_LAPIC_H
#define VMM_CORE_DEV_IRQ_LAPIC_H

#include "vmm-core/lib/types.h"

struct vcpu;
struct vm;

#define LAPIC_GPA		0xfee00000ull

#define MSR_APIC_BASE		0x1b
#define MSR_TSC_DEADLINE	0x6e0
#define MSR_X2APIC_FIRST	0x800
#define MSR_X2APIC_LAST		0x8ff
#define MSR_KVM_PV_EOI		0x4b564d04

/* IA32_APIC_BASE */
#define APIC_BASE_BSP		BIT(8)
#define APIC_BASE_X2APIC	BIT(10)
#define APIC_BASE_ENABLE	BIT(11)

enum lapic_lvt {
	LVT_TIMER, LVT_THERMAL, LVT_PMC, LVT_LINT0, LVT_LINT1, LVT_ERROR,
	LVTS
};

/* One bit for each vector. */
struct vector_set {
	u64 word[4];
};

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
};

/* Also what INIT does, which leaves IA32_APIC_BASE as it was. */
void lapic_init(struct lapic *apic, u32 id);
void lapic_reset(struct lapic *apic);

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
void lapic_accept(struct vcpu *vcpu, int vector);
/* LINT0 lets the PIC through (ExtINT, not masked), or the APIC is off. */
bool lapic_extint_enabled(const struct lapic *apic);

/* CR8 is the high half of TPR. */
u64 lapic_cr8_read(const struct vcpu *vcpu);
void lapic_cr8_write(struct vcpu *vcpu, u64 value);

/* Fires the timer if now has reached deadline_tsc. */
void lapic_tick(struct vcpu *vcpu, u64 now);

/* false: #GP. The index is one of the MSRs above, MSR_KVM_PV_EOI included. */
bool lapic_msr_read(struct vcpu *vcpu, u32 index, u64 *value);
bool lapic_msr_write(struct vcpu *vcpu, u32 index, u64 value);
/* The xAPIC page; offset below 4096. */
u32 lapic_mmio_read(struct vcpu *vcpu, u32 offset);
void lapic_mmio_write(struct vcpu *vcpu, u32 offset, u32 value);

/* ICR delivery modes */
enum apic_delivery {
	APIC_FIXED = 0,
	APIC_LOWEST = 1,
	APIC_NMI = 4,
	APIC_INIT = 5,
	APIC_SIPI = 6,
	APIC_EXTINT = 7,
};

/* An interrupt message on the way from an IOAPIC, an MSI or an IPI. */
struct apic_message {
	u32 destination;
	u8 vector;
	u8 delivery_mode;	/* enum apic_delivery */
	bool logical, level;
};

/* Takes in what other CPUs posted. */
void lapic_collect(struct lapic *apic);
void lapic_deliver(struct vm *vm, const struct apic_message *message);
/* Sets the vector pending on a vCPU of any CPU, and kicks that CPU. */
void lapic_post(struct vcpu *vcpu, u8 vector, bool level);

#endif
