/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RFLAGS that no exit can have. QEMU before 8.0 hands them out behind
 * CMPXCHG8B and CMPXCHG16B: an operand, ORed into the guest's RFLAGS; and its
 * VMRUN loads what it is given, where an IRET would mask it.
 */
#include "vmm-core/svm/svm.h"

#include "vmm-core/lib/printk.h"
#include "vmm-core/vcpu/vm.h"

/*
 * A bit that is clear was clear in the guest. One that is set, that arithmetic
 * does not set, and that was clear when the core last knew RFLAGS, is taken
 * for the operand's. Outside the kernel interrupts are on.
 */
void svm_flags_repair(struct vcpu *vcpu)
{
	struct vmcb *vmcb = svm_vcpu(vcpu)->vmcb;
	u64 seen = vmcb->rflags;

	vmcb->rflags = (seen & (vcpu->rflags | RFLAGS_STATUS)) | RFLAGS_ONE;
	if (vmcb->cpl == 3)
		vmcb->rflags |= RFLAGS_IF;
	if (vcpu->pub->flags_repaired++)
		return;
	printk("%s: vCPU %u: impossible RFLAGS %llx at an exit, rip %llx: repaired to %llx, as all further ones\n",
	       vcpu->vm->pub->name, vcpu->index, seen, vmcb->rip,
	       vmcb->rflags);
}
