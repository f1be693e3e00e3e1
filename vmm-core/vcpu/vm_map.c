/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing what a guest finds at a guest-physical address.
 */
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"

int vm_map(struct vm *vm, u64 gpa, u64 hpa, u64 bytes, u32 access)
{
	int err = hv->map(vm, gpa, hpa, bytes, access);

	vm_request(vm, REQUEST_FLUSH);
	return err;
}

int vm_protect(struct vm *vm, u64 gpa, u64 bytes, u32 access)
{
	int err = hv->protect(vm, gpa, bytes, access);

	vm_request(vm, REQUEST_FLUSH);
	return err;
}
