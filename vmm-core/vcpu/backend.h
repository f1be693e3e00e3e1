/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one table through which common code reaches the backend, VMX or SVM.
 *
 * A backend keeps what it needs per CPU, VM and vCPU in structs of its own
 * type; cpu->hv, vm->hv and vcpu->hv point to them, and are opaque to all
 * others. The run loop is in the backend, so an ordinary exit crosses
 * none of these pointers.
 */
#ifndef VMM_CORE_VCPU_BACKEND_H
#define VMM_CORE_VCPU_BACKEND_H

#include "vmm-core/lib/types.h"
#include "vmm-core/vcpu/vcpu.h"

struct cpu;
struct vm;

enum segment {
	SEG_ES, SEG_CS, SEG_SS, SEG_DS, SEG_FS, SEG_GS,	/* as encoded */
	SEG_LDTR, SEG_TR,
	SEGMENTS
};

/* segment_state.attributes: the descriptor's bits 47:40, then 55:52 */
#define SEG_LONG	(1u << 9)
#define SEG_DEFAULT32	(1u << 10)
/* the whole of them, for what LDTR and TR hold: present, and TR busy */
#define SEG_LDT		0x82
#define SEG_TSS		0x8b

struct segment_state {
	u64 base;
	u32 limit;		/* in bytes, granularity applied */
	u16 selector;
	u16 attributes;		/* SEG_* */
};

/* Registers beside those that struct vcpu and its context hold. */
struct vcpu_regs {
	u64 cr0, cr2, cr3, cr4, efer, dr6, dr7;
	struct segment_state seg[SEGMENTS];
	struct { u64 base; u32 limit; } gdt, idt;
	u64 star, lstar, cstar, sfmask, kernel_gs_base;
	u64 sysenter_cs, sysenter_esp, sysenter_eip;
};

/* Why a vCPU is not in the guest any more. */
enum run_end {
	RUN_ENTER,		/* nothing: it can go in */
	RUN_BLOCKED,		/* it waits for a request or an interrupt */
	RUN_STOPPED,		/* it has stopped for good */
};

/* Kinds of access to a guest-physical page; 0: the page is not there. */
#define MAP_READ	BIT(0)
#define MAP_WRITE	BIT(1)
#define MAP_FETCH	BIT(2)
#define MAP_ALL		(MAP_READ | MAP_WRITE | MAP_FETCH)

struct hv_ops {
	const char *name;
	u16 isa;		/* enum event_isa */
	u32 hypercall_opcode;	/* three bytes: of VMCALL or VMMCALL */
	/* NULL, or why this CPU cannot: a sentence for refuse() */
	const char *(*probe)(void);
	int  (*cpu_enable)(struct cpu *cpu);
	int  (*vm_init)(struct vm *vm);
	int  (*vcpu_init)(struct vcpu *vcpu);
	/* Enters the guest, again and again, until vcpu_prepare_entry() says
	 * something else than RUN_ENTER; returns that. The exit that came
	 * last is then open. */
	enum run_end (*run)(struct vcpu *vcpu);
	/* The registers that exits leave in the CPU and run() relies on. */
	void (*switch_in)(struct vcpu *vcpu);
	void (*switch_out)(struct vcpu *vcpu);
	void (*get_regs)(struct vcpu *vcpu, struct vcpu_regs *regs);
	void (*set_regs)(struct vcpu *vcpu, const struct vcpu_regs *regs);
	void (*get_segment)(struct vcpu *vcpu, enum segment segment,
			    struct segment_state *state);
	/* PAT, EFER and CR4 as the guest wrote them; checked by the caller */
	void (*set_pat)(struct vcpu *vcpu, u64 pat);
	void (*set_efer)(struct vcpu *vcpu, u64 efer);
	void (*set_cr4)(struct vcpu *vcpu, u64 cr4);
	/* The guest's RDTSC gives the CPU's TSC and this. */
	void (*set_tsc_offset)(struct vcpu *vcpu, u64 offset);
	/* Whole pages of guest-physical memory, access MAP_*. Callers use
	 * vm_map() and vm_protect() (vm.h), which also flush. */
	int  (*map)(struct vm *vm, u64 gpa, u64 hpa, u64 bytes, u32 access);
	int  (*protect)(struct vm *vm, u64 gpa, u64 bytes, u32 access);
};

extern const struct hv_ops *hv;		/* set once at boot */
extern const struct hv_ops svm_ops;

#endif
