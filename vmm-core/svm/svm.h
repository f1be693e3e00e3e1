/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SVM backend's own parts: what it keeps per CPU, VM and vCPU.
 */
#ifndef VMM_CORE_SVM_SVM_H
#define VMM_CORE_SVM_SVM_H

#include "vmm-core/cpu/cpu.h"
#include "vmm-core/svm/regs.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/tag.h"
#include "vmm-core/vcpu/vm.h"

struct svm_cpu {
	struct tag_pool asids;
	struct vcpu *loaded;	/* whose VMLOAD state the CPU holds */
};

struct svm_vm {
	u64 *npt;		/* its root */
};

struct svm_vcpu {
	struct vmcb *vmcb;
	u32 windows;		/* enum event_window, as the VMCB has them */
	struct record_source record;	/* while the vCPU is on a CPU */
};

/* The backend's own structs, which common code hands around unseen. */
static inline struct svm_cpu *svm_cpu(const struct cpu *cpu)
{
	return (struct svm_cpu *)cpu->hv;
}

static inline struct svm_vm *svm_vm(const struct vm *vm)
{
	return (struct svm_vm *)vm->hv;
}

static inline struct svm_vcpu *svm_vcpu(const struct vcpu *vcpu)
{
	return (struct svm_vcpu *)vcpu->hv;
}

u64 svm_enter(struct vcpu *vcpu, u64 vmcb_hpa);
/* EXITINFO and VMCB into neutral words. */
void svm_decode(struct vcpu *vcpu, struct exit_info *exit);
/* Counts, reports and repairs RFLAGS that no CPU can have. */
void svm_flags_repair(struct vcpu *vcpu) __cold;

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
/* Intercepts what shows the windows (enum event_window), and no more. */
void svm_windows_set(struct svm_vcpu *svm, u32 windows);

int svm_npt_map(struct vm *vm, u64 gpa, u64 to, u64 bytes, u32 access);
int svm_npt_protect(struct vm *vm, u64 gpa, u64 bytes, u32 access);

#endif
