/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual local APIC, xAPIC and x2APIC (SDM volume 3, "Advanced
 * Programmable Interrupt Controller"): one in every vCPU.
 *
 * Belongs to the CPU that runs the vCPU, except `posted`, which any CPU may
 * set with lapic_post().
 */
#ifndef VMM_CORE_DEV_LAPIC_H
#define VMM_CORE_DEV_LAPIC_H

#include "vmm-core/lib/types.h"

struct vcpu;
struct vm;

#define MSR_APIC_BASE		0x1b
#define MSR_TSC_DEADLINE	0x6e0
#define MSR_X2APIC_FIRST	0x800
#define MSR_X2APIC_LAST		0x8ff

struct lapic {
	u64 base;		/* IA32_APIC_BASE */
	u32 id;
	u32 tpr, ldr, dfr, svr, esr, esr_pending;
	u64 icr;
	u32 lvt[7];		/* CMCI, timer, thermal, PMC, LINT0, LINT1, error */
	u32 isr[8], tmr[8], irr[8];
	u32 timer_initial, timer_divide;
	u64 timer_start_tsc;
	u64 deadline_tsc;	/* when the timer fires next; ~0: not armed */
	/* no IRR bit set means lapic_pending() need not look */
	bool irr_any;
	/* fixed interrupts posted from other CPUs, moved to irr at entry */
	u32 posted[8];
	bool posted_any;
	/* INIT and SIPI from another vCPU; the vector of the latter */
	bool init_pending, sipi_pending;
	u8 sipi_vector;
	/* PV EOI: guest-physical address of the flag, 0 when off */
	u64 pv_eoi_gpa;
};

void lapic_init(struct lapic *apic, u32 id);
/* The vector deliverable now (above PPR), -1 for none. Cheap when none. */
int lapic_pending(struct lapic *apic);
/* It is being delivered: IRR to ISR. */
void lapic_accept(struct vcpu *vcpu, int vector);
/* LINT0 lets the PIC through (ExtINT, not masked), or the APIC is off. */
bool lapic_extint_enabled(const struct lapic *apic);

/* Fires the timer if now has reached deadline_tsc. */
void lapic_tick(struct vcpu *vcpu, u64 now);

/* false: #GP. The index is one of the MSRs above. */
bool lapic_msr_read(struct vcpu *vcpu, u32 index, u64 *value);
bool lapic_msr_write(struct vcpu *vcpu, u32 index, u64 value);
/* The xAPIC page; offset below 4096. */
u32 lapic_mmio_read(struct vcpu *vcpu, u32 offset);
void lapic_mmio_write(struct vcpu *vcpu, u32 offset, u32 value);

/* An interrupt message on the way from an IOAPIC, an MSI or an IPI. */
struct apic_message {
	u32 destination;
	u8 vector;
	u8 delivery_mode;	/* as in the ICR: 0 fixed, 1 lowest, 4 NMI, 5 INIT, 6 SIPI, 7 ExtINT */
	bool logical, level;
};

void lapic_deliver(struct vm *vm, const struct apic_message *message);
/* Sets the vector pending on a vCPU of any CPU, and kicks that CPU. */
void lapic_post(struct vcpu *vcpu, u8 vector, bool level);

#endif
