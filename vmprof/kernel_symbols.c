/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The symbols of the guests' kernels, from a machine's RAM into a trace.
 */
#include "vmprof/kernel_symbols.h"

#include <errno.h>
#include <stdlib.h>

#include "tracer/guest/guest_kernel.h"
#include "tracer/guest/guest_memory.h"

static const struct anchor *anchor_of(const struct machine *m)
{
	return machine_physical(m, machine_anchor_offset(m),
				sizeof(struct anchor));
}

static void memory_of(const struct machine *m, const struct anchor_vm *vm,
		      struct guest_memory *memory)
{
	*memory = (struct guest_memory){ 0 };
	for (unsigned int i = 0; i < vm->extents && i < ANCHOR_EXTENTS_MAX;
	     i++) {
		const struct anchor_extent *e = &vm->extent[i];
		const void *host = machine_physical(m, e->hpa, e->bytes);

		if (host)
			memory->extent[memory->extents++] =
				(struct guest_extent){ .gpa = e->gpa,
						       .bytes = e->bytes,
						       .host = host };
	}
}

/* As of the last exit of the VM's first vCPU. */
static int paging_of(const struct machine *m, const struct anchor *a,
		     const struct anchor_vm *vm, struct guest_paging *paging)
{
	const struct anchor_vcpu *vcpu;

	if (vm->first_vcpu >= ANCHOR_VCPUS_MAX)
		return -EAGAIN;
	vcpu = machine_physical(m, a->vcpu_hpa + vm->first_vcpu *
				sizeof(*vcpu), sizeof(*vcpu));
	if (!vcpu)
		return -EAGAIN;
	*paging = (struct guest_paging){ .cr0 = vcpu->cr0, .cr3 = vcpu->cr3,
					 .cr4 = vcpu->cr4,
					 .efer = vcpu->efer };
	return 0;
}

int kernel_symbols_take(const struct machine *m, unsigned int vm,
			struct trace_writer *w, size_t *count,
			const char **why)
{
	const struct anchor *a = anchor_of(m);
	struct guest_memory memory;
	struct guest_paging paging;
	struct guest_kernel *k;
	size_t bytes;
	char *text;
	int err;

	*why = "the machine does not show its vCPUs";
	if (vm >= ANCHOR_VMS_MAX || paging_of(m, a, &a->vm[vm], &paging))
		return -EAGAIN;
	memory_of(m, &a->vm[vm], &memory);
	k = guest_kernel_open(&memory, &paging, why);
	if (!k)
		return errno == ENOMEM ? -ENOMEM : -EAGAIN;
	*count = guest_kernel_symbols(k);
	*why = "its kallsyms tables cannot be read";
	err = guest_kernel_kallsyms(k, &text, &bytes, NULL);
	guest_kernel_close(k);
	if (err)
		return err == -ENOMEM ? err : -EAGAIN;
	err = trace_writer_kallsyms(w, vm, text, bytes);
	free(text);
	return err;
}
