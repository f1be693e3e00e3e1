/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual CPU: its state, and who may touch what.
 *
 *   (o) the CPU that runs the vCPU alone
 *   (c) constant from before the vCPU first runs
 *   (a) any CPU, by atomic operations: `requests`, and the local APIC's
 *       mailbox, which REQUEST_IRQ announces
 *   (r) as (o), but other CPUs may read single fields
 *
 * So another CPU changes a vCPU by a request alone, and the vCPU's own loop
 * (run.h) acts upon it between an exit and the next entry.
 */
#ifndef VMM_CORE_VCPU_VCPU_H
#define VMM_CORE_VCPU_VCPU_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/request.h"
#include "vmm-core/dev/irq/lapic.h"
#include "vmm-core/lib/types.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/trace/trace.h"
#include "vmm-core/vcpu/fetch.h"

struct hv_vcpu;
struct tag_pool;
struct vm;

/* In the order in which instructions encode them. */
enum gpr {
	RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI,
	R8, R9, R10, R11, R12, R13, R14, R15,
	GPRS
};

enum vcpu_state {
#define VCPU_STATE(NAME, name, next) VCPU_##NAME,
#include "vmm-core/vcpu/state.def"
	VCPU_STATES
};

enum guest_event_type {
	GUEST_EVENT_NONE,
	GUEST_EVENT_IRQ,	/* an external interrupt, accepted already */
	GUEST_EVENT_NMI,
	GUEST_EVENT_EXCEPTION,	/* raised by the CPU */
	GUEST_EVENT_SOFT,	/* INT n, INT3, INTO: by the instruction */
};

/* An event to be injected, or one that an exit broke off. */
struct guest_event {
	u8 type;		/* enum guest_event_type */
	u8 vector;
	bool has_error;
	u32 error;
	u64 cr2;		/* of page faults */
};

enum event_flags {
	NMI_WAITS	= 1 << 0,	/* one waits; a second one is lost */
	NMI_BLOCKED	= 1 << 1,	/* from its delivery until IRET */
	NMI_LEAVES	= 1 << 2,	/* IRET at iret_rip has begun */
	IRQ_HELD	= 1 << 3,	/* irq_held was accepted, not delivered */
	STEPPING	= 1 << 4,	/* by a trap flag that is ours, */
	STEPPING_OWN	= 1 << 5,	/* and was the guest's as well */
	BROKEN_OFF	= 1 << 6,	/* the exit came out of a delivery */
};

struct vcpu_events {
	struct guest_event next; /* goes in at the next entry */
	u32 flags;		/* 0: nothing but an IRQ can be due */
	u8 irq_held;
	u64 iret_rip;
};

/* The ASID or VPID of a vCPU; tag.h */
struct vcpu_tag {
	const struct tag_pool *pool; /* of the CPU that gave it; NULL: none */
	u64 generation;
	u32 value;
	bool flush;		/* asked for, not done yet */
	enum tlb_cause cause;
};

/* Registers that exits leave in the CPU, while another vCPU is on it;
 * context.h */
struct vcpu_context {
	void *xsave;		/* (c) */
	u64 xcr0, dr[4], tsc_aux;
};

struct vcpu {
	/* (o) valid while an exit is handled; the backend loads and stores
	 * them. gpr comes first: entry code addresses it. */
	u64 gpr[GPRS];
	u64 rip, rflags;
	bool irq_shadow;	/* of STI or MOV SS */
	/* how the code at rip is decoded: 16, 32 or 64 bits, and from where */
	u8 code_bits, cpl;
	u64 code_base;

	struct hv_vcpu *hv;	/* (c) the backend's own, in its own type */
	struct vm *vm;		/* (c) */
	struct cpu *cpu;	/* (r) that runs it */
	struct anchor_vcpu *pub; /* (r) published in the anchor's table */
	u16 index;		/* (c) in its VM */
	u16 vm_index;		/* (c) in the anchor's table: for records */

	struct requests requests;	/* (a) */
	enum vcpu_state state;		/* (r) only vcpu_set_state() */
	bool asleep;			/* (r) only a request can wake it */
	struct vcpu_events events;	/* (o) */
	struct vcpu_tag tag;		/* (o) */
	struct lapic lapic;		/* (o), (r), mailbox (a) */

	/* (o) an exit's record stays open while the vCPU is not in the guest */
	struct exit_info exit;
	bool exit_open;
	u64 blocked_tsc;	/* blocked within it */

	struct fetch_entry fetch[FETCH_ENTRIES];	/* (o) */
	struct vcpu_context context;			/* (o) */
	/* (o) KVM's paravirtual clock: guest-physical page, 0 when off */
	u64 pvclock_gpa;
	/* (o) what IN shall give, if the port has been read already */
	bool port_read;
	u32 port_value;
	u64 msr_pat;		/* (o) */
	/* (o) what the guest's TSC is ahead by, and how much it asked for */
	u64 tsc_offset, tsc_adjust;
};

/* The vCPU as the recorder knows it, on the CPU that runs this. */
static inline struct trace_vcpu vcpu_traced(const struct vcpu *vcpu)
{
	return (struct trace_vcpu){
		.ring = vcpu->cpu->ring,
		.pub = vcpu->pub,
		.vm = vcpu->vm_index,
		.vcpu = vcpu->index,
	};
}

/* Panics if the state may not follow the present one. */
void vcpu_set_state(struct vcpu *vcpu, enum vcpu_state state);

/* Will never enter the guest again: no use in going on for it. */
static inline bool vcpu_stopping(const struct vcpu *vcpu)
{
	return requests_waiting(&vcpu->requests) & REQUEST_STOP;
}

/* A completed instruction ends what RF and TF are for. */
void vcpu_completed(struct vcpu *vcpu) __cold;
/* The trap of a guest that steps itself, behind an instruction. */
void vcpu_trap(struct vcpu *vcpu) __cold;

/* Moves RIP behind the instruction, whose bytes were found to be len. */
static inline void vcpu_skip(struct vcpu *vcpu, struct exit_info *exit,
			     u8 len)
{
	exit->insn_len = len;
	vcpu->rip += len;
	vcpu->irq_shadow = false;
	if (unlikely(vcpu->rflags & (RFLAGS_RF | RFLAGS_TF)))
		vcpu_completed(vcpu);
}

#endif
