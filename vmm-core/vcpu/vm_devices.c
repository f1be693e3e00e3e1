/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where devices and vCPUs meet: devices know neither, they reach a vCPU by
 * its local APIC and by the power switch.
 */
#include "vmm-core/vcpu/vm_devices.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/vcpu/vcpu.h"

static void vm_power(struct bus *bus, u32 vcpu, enum bus_power what)
{
	struct vm *vm = container_of(bus, struct vm, platform.bus);

	anchor.guest_status[vm->index] = vm->platform.test.exit_status;
	vm_stop(vm->vcpu[vcpu], what == BUS_POWER_OFF ? VM_STATE_OFF :
							VM_STATE_RESET, NULL);
}

static int range_publish(struct vm *vm, unsigned int n,
			 const struct bus_range *range,
			 enum anchor_space space)
{
	struct anchor_range *pub = trace_ranges(vm->index);

	if (n == ANCHOR_RANGES_MAX)
		return -ENOMEM;
	strlcpy(pub[n].name, range->dev->model->name, sizeof(pub[n].name));
	pub[n].base = range->first;
	pub[n].bytes = range->last - range->first + 1;
	pub[n].space = space;
	return 0;
}

/* Tells tools which devices this VM has, and where. */
static int ranges_publish(struct vm *vm)
{
	const struct bus *bus = &vm->platform.bus;
	unsigned int n = 0;
	int err = 0;

	for (unsigned int i = 1; i < bus->port_ranges && !err; i++)
		err = range_publish(vm, n++, &bus->port_range[i], ANCHOR_PORTS);
	for (unsigned int i = 0; i < bus->page_ranges && !err; i++)
		err = range_publish(vm, n++, &bus->page_range[i],
				    ANCHOR_MEMORY);
	return err;
}

int vm_devices_init(struct vm *vm)
{
	int err = platform_init(&vm->platform, vm_power);

	_Static_assert(VM_VCPUS_MAX <= APIC_BUS_LAPICS_MAX,
		       "a local APIC for every vCPU");
	fw_cfg_tell(&vm->platform.fw_cfg, vm->ram_bytes, vm->vcpus);
	for (unsigned int i = 0; i < vm->vcpus; i++) {
		vm->vcpu[i]->lapic.requests = &vm->vcpu[i]->requests;
		apic_bus_add(&vm->platform.apics, &vm->vcpu[i]->lapic);
	}
	return err ? err : ranges_publish(vm);
}

void vm_devices_note(void *vm)
{
	const struct vm *noted = vm;

	request_post(&noted->vcpu[0]->requests, REQUEST_DEVICE);
}

void vm_devices_poll(struct vm *vm)
{
	uart_input_due(&vm->platform.com1);
}
