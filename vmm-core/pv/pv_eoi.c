/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The MSR by which a guest says where its EOI flag is.
 */
#include "vmm-core/pv/pv_eoi.h"

#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

#define PV_EOI_ENABLE	BIT(0)

bool pv_eoi_msr_write(struct vcpu *vcpu, u32 index, u64 value)
{
	u64 gpa = value & ~PV_EOI_ENABLE;
	u8 *flag = NULL;

	if (index != MSR_KVM_PV_EOI || gpa & 3 || !(vcpu->vm->pv & VM_PV_EOI))
		return false;
	if (value & PV_EOI_ENABLE) {
		flag = vm_memory(vcpu->vm, gpa, 4);
		if (!flag)
			return false;
	}
	lapic_pv_eoi_set(&vcpu->lapic, value, flag);
	return true;
}
