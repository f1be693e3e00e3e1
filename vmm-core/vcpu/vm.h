/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual machine: RAM, vCPUs, and a virtual platform.
 */
#ifndef VMM_CORE_VCPU_VM_H
#define VMM_CORE_VCPU_VM_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/dev/pc/platform.h"
#include "vmm-core/lib/types.h"
#include "vmm-core/vcpu/vcpu.h"

struct hv_vm;

#define VM_VCPUS_MAX 16

/* Paravirtual interfaces offered to the guest, each can be switched off. */
#define VM_PV_CLOCK	BIT(0)	/* kvmclock */
#define VM_PV_IODELAY	BIT(1)	/* no need for port 0x80 delays */
#define VM_PV_EOI	BIT(2)	/* EOI by shared bit */
#define VM_PV_ALL	(VM_PV_CLOCK | VM_PV_IODELAY | VM_PV_EOI)

struct vm {
	u16 index;		/* in the anchor's VM table */
	u16 vcpus;
	u32 pv;			/* VM_PV_* */
	u64 ram_bytes;
	struct anchor_vm *pub;	/* name, extents, state */
	struct vcpu *vcpu[VM_VCPUS_MAX];
	struct hv_vm *hv;	/* the backend's nested page table */
	struct platform platform;
};

/*
 * Guest memory, from the core: bytes at gpa, NULL unless all len bytes are
 * RAM of one extent. The pointer stays good; the guest may write under it.
 */
void *vm_memory(struct vm *vm, u64 gpa, u64 len);

/* The PIC tells its vector only when asked for good. */
#define IRQ_OF_PIC	0

/* The vector that waits to be delivered, IRQ_OF_PIC, or -1 for none. */
static inline int vcpu_irq_pending(struct vcpu *vcpu)
{
	int vector = lapic_pending(&vcpu->lapic);

	if (likely(vector < 0) && unlikely(vcpu->vm->platform.pic.output) &&
	    lapic_extint_enabled(&vcpu->lapic))
		return IRQ_OF_PIC;
	return vector;
}

/* Ends the VM of the vCPU that runs this; recorded and published, once.
 * exit is NULL where no exit is to blame. */
void vm_stop(struct vcpu *vcpu, enum vm_state state,
	     const struct exit_info *exit);
/* The same for what the guest should not have done: with a full report. */
void vm_crash(struct vcpu *vcpu, const struct exit_info *exit,
	      const char *what);

#endif
