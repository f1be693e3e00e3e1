/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where devices and vCPUs meet: devices know neither, they reach a vCPU by
 * its local APIC and by the power switch.
 */
#include "vmm-core/vcpu/vm_devices.h"

#include "vmm-core/vcpu/vcpu.h"

static void vm_power(struct bus *bus, u32 vcpu, enum bus_power what)
{
	struct vm *vm = container_of(bus, struct vm, platform.bus);

	vm_stop(vm->vcpu[vcpu], what == BUS_POWER_OFF ? VM_STATE_OFF :
							VM_STATE_RESET, NULL);
}

int vm_devices_init(struct vm *vm)
{
	int err = platform_init(&vm->platform, vm_power);

	_Static_assert(VM_VCPUS_MAX <= APIC_BUS_LAPICS_MAX,
		       "a local APIC for every vCPU");
	for (unsigned int i = 0; i < vm->vcpus; i++) {
		vm->vcpu[i]->lapic.requests = &vm->vcpu[i]->requests;
		apic_bus_add(&vm->platform.apics, &vm->vcpu[i]->lapic);
	}
	return err;
}
