/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual CPU, and the one table through which common code reaches the
 * backend (VMX or SVM).
 *
 * A vCPU belongs to the CPU that runs it: every field is that CPU's alone,
 * unless marked. Others reach it by lapic_post() and cpu_kick() only.
 */
#ifndef VMM_CORE_VCPU_VCPU_H
#define VMM_CORE_VCPU_VCPU_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/dev/irq/lapic.h"
#include "vmm-core/lib/types.h"
#include "vmm-core/trace/trace.h"
#include "vmm-core/vcpu/fetch.h"

struct hv_vcpu;
struct vm;

/* In the order in which instructions encode them. */
enum gpr {
	RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI,
	R8, R9, R10, R11, R12, R13, R14, R15,
	GPRS
};

enum segment { SEG_ES, SEG_CS, SEG_SS, SEG_DS, SEG_FS, SEG_GS, SEGMENTS };

/* segment_state.attributes: the descriptor's bits 47:40, then 55:52 */
#define SEG_LONG	(1u << 9)
#define SEG_DEFAULT32	(1u << 10)

struct segment_state {
	u64 base;
	u32 limit;		/* in bytes, granularity applied */
	u16 selector;
	u16 attributes;		/* SEG_* */
};

/* What the registers beside the GPRs hold: loaders set it, dumps read it. */
struct vcpu_state {
	u64 cr0, cr2, cr3, cr4, efer, dr6, dr7;
	struct segment_state seg[SEGMENTS];
	struct { u64 base; u32 limit; } gdt, idt;
};

#define VECTOR_DB	1
#define VECTOR_UD	6
#define VECTOR_GP	13
#define VECTOR_PF	14

struct injection {
	u8 vector;
	bool exception;		/* else an external interrupt */
	bool has_error;
	u32 error;
	u64 cr2;		/* page faults */
};

struct vcpu {
	/* valid while an exit is handled; the backend loads and stores them.
	 * gpr comes first: entry code addresses it. */
	u64 gpr[GPRS];
	u64 rip, rflags;

	struct hv_vcpu *hv;	/* the backend's own */
	struct vm *vm;
	struct cpu *cpu;	/* that runs it */
	struct anchor_vcpu *pub; /* published in the anchor's table */
	u16 index;		/* in its VM */
	u16 vm_index;		/* in the anchor's table: for records */

	bool halted;		/* waits for an interrupt */
	bool asleep;		/* will never take one; others read it */
	bool stopped;		/* never enters the guest again */
	u64 blocked_tsc;	/* spent blocked within the current exit */
	u64 deadline_tsc;	/* of the next timer of lapic or platform */
	/* how the code at rip is decoded: 16, 32 or 64 bits, and from where */
	u8 code_bits, cpl;
	u64 code_base;

	struct fetch_entry fetch[FETCH_ENTRIES];

	struct lapic lapic;
	/* KVM's paravirtual clock: guest-physical page, 0 when off */
	u64 pvclock_gpa;
	u64 msr_pat;
};

struct hv_ops {
	const char *name;
	u16 isa;		/* enum event_isa */
	/* NULL, or why this CPU cannot: a sentence for refuse() */
	const char *(*probe)(void);
	int  (*cpu_enable)(struct cpu *cpu);
	int  (*vm_init)(struct vm *vm);
	int  (*vcpu_init)(struct vcpu *vcpu);
	/* returns when the vCPU has stopped */
	void (*vcpu_loop)(struct vcpu *vcpu);
	void (*get_state)(struct vcpu *vcpu, struct vcpu_state *state);
	void (*set_state)(struct vcpu *vcpu, const struct vcpu_state *state);
	/* at most one a re-entry; the backend reinjects what an exit broke off */
	void (*inject)(struct vcpu *vcpu, struct injection what);
	/* PAT and EFER as the guest wrote them; checked by the caller */
	void (*set_pat)(struct vcpu *vcpu, u64 pat);
	void (*set_efer)(struct vcpu *vcpu, u64 efer);
	/* every translation of this vCPU, before its next entry; recorded */
	void (*flush_tlb)(struct vcpu *vcpu, enum tlb_cause cause);
};

extern const struct hv_ops *hv;		/* set once at boot */
extern const struct hv_ops svm_ops;

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

/* Before every entry: timers, then sleep while halted. false: has stopped. */
bool vcpu_prepare_entry(struct vcpu *vcpu);
/* Takes what vcpu_irq_pending() (vm.h) found, to be injected now, and counts
 * it; returns its vector. */
int vcpu_irq_accept(struct vcpu *vcpu, int pending);

/* Moves RIP behind the instruction, whose bytes were found to be len. */
static inline void vcpu_skip(struct vcpu *vcpu, struct exit_info *exit,
			     u8 len)
{
	exit->insn_len = len;
	vcpu->rip += len;
}

/* Instead of completing the instruction; RIP stays on it. */
void vcpu_inject_gp(struct vcpu *vcpu);
void vcpu_inject_ud(struct vcpu *vcpu);
void vcpu_inject_pf(struct vcpu *vcpu, u64 gva, u32 error);

#endif
