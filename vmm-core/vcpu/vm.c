/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM as a whole: its memory, and requests to all of its vCPUs.
 */
#include "vmm-core/vcpu/vm.h"

#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/vcpu.h"

void *vm_memory(struct vm *vm, u64 gpa, u64 len)
{
	for (unsigned int i = 0; i < vm->pub->extents; i++) {
		const struct anchor_extent *e = &vm->pub->extent[i];
		u64 at = gpa - e->gpa;

		if (likely(at < e->bytes && len <= e->bytes - at))
			return hva(e->hpa + at);
	}
	return NULL;
}

void vm_request(struct vm *vm, enum request what)
{
	for (unsigned int i = 0; i < vm->vcpus; i++)
		request_post(&vm->vcpu[i]->requests, what);
}
