/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The devices of a VM.
 */
#ifndef VMM_CORE_VCPU_VM_DEVICES_H
#define VMM_CORE_VCPU_VM_DEVICES_H

#include "vmm-core/vcpu/vm.h"

/* Makes the platform, and wires the vCPUs' local APICs, which are there, to
 * it. Negative errno: the platform contradicts itself. */
int vm_devices_init(struct vm *vm);

#endif
