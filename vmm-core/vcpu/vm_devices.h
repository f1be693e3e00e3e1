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

/* An interrupt handler's note, on any CPU: the machine has input for the VM
 * that is given. Its first vCPU looks for it. */
void vm_devices_note(void *vm);
/* Looks for that input; then the bus has a device that is due. */
void vm_devices_poll(struct vm *vm);

#endif
