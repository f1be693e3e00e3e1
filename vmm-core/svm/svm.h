/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SVM backend's own parts: what it keeps per CPU, VM and vCPU.
 */
#ifndef VMM_CORE_SVM_SVM_H
#define VMM_CORE_SVM_SVM_H

#include "vmm-core/cpu/cpu.h"
#include "vmm-core/svm/regs.h"
#include "vmm-core/vcpu/vcpu.h"

/* ASIDs of one CPU are handed out in turn; when they run out, a new
 * generation begins and every vCPU needs a new one. 0 is the host's. */
struct hv_cpu {
	u64 generation;
	u32 next_asid, asids;
	struct vcpu *loaded;	/* whose VMLOAD state the CPU holds */
	bool flush_by_asid, nrips;
};

struct hv_vm {
	u64 n_cr3;
};

struct hv_vcpu {
	struct vmcb *vmcb;
	u64 generation;		/* of the ASID; 0: none yet */
	struct cpu *asid_cpu;	/* whose ASID it is; NULL: none yet */
	bool flush;		/* asked for, not done yet */
	enum tlb_cause flush_cause;
	/* the event to inject at the next entry, as in EVENTINJ */
	u64 eventinj;
};

u64 svm_enter(struct vcpu *vcpu, u64 vmcb_hpa);
/* EXITINFO and VMCB into neutral words. */
void svm_decode(struct vcpu *vcpu, struct exit_info *exit);
/* RFLAGS of an exit that cannot be: counted, said, made possible. */
void svm_flags_repair(struct vcpu *vcpu) __cold;
/* A CPUID exit, handled and recorded. false: it needs the whole way. */
bool svm_cpuid_fast(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc);

static inline bool svm_is_64bit(const struct vmcb *vmcb)
{
	return (vmcb->efer & EFER_LMA) && (vmcb->cs.attributes & SEG_LONG);
}

static inline void svm_publish(struct anchor_vcpu *pub,
			       const struct vmcb *vmcb)
{
	pub->cr0 = vmcb->cr0;
	pub->cr3 = vmcb->cr3;
	pub->cr4 = vmcb->cr4;
	pub->efer = vmcb->efer;
}

/* A VMCB that intercepts what the core wants to see. */
void svm_vmcb_init(struct vmcb *vmcb, u64 n_cr3);
/* The nested page table of a VM's RAM; 0 and -ENOMEM as the result. */
int svm_npt_build(struct vm *vm);
/* Gives the vCPU an ASID of this CPU's generation, flushes, records it. */
void svm_asid_renew(struct vcpu *vcpu);

/* Before every entry. */
static inline void svm_asid_prepare(struct vcpu *vcpu)
{
	struct hv_vcpu *svm = vcpu->hv;

	if (likely(svm->asid_cpu == vcpu->cpu && !svm->flush &&
		   svm->generation == vcpu->cpu->hv->generation))
		svm->vmcb->tlb_control = TLB_CONTROL_NONE;
	else
		svm_asid_renew(vcpu);
}

#endif
