/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the anchor's VM table to guest memory and paging, as the tracer's
 * other rooms want them.
 */
#include "tracer/guest/vm_kernel.h"

#include <errno.h>
#include <stdlib.h>

#include "vmm-core/abi/anchor.h"

struct ram {
	const char *at;
	size_t bytes;
};

/* NULL unless all of it is RAM. */
static const void *ram_at(const struct ram *ram, uint64_t hpa, uint64_t bytes)
{
	return hpa <= ram->bytes && bytes <= ram->bytes - hpa ?
		ram->at + hpa : NULL;
}

static void memory_describe(const struct ram *ram, const struct anchor_vm *vm,
			    struct guest_memory *memory)
{
	/* read once: the machine could write it between check and use */
	struct anchor_vm now = *(const volatile struct anchor_vm *)vm;

	*memory = (struct guest_memory){ 0 };
	for (unsigned int i = 0; i < now.extents && i < ANCHOR_EXTENTS_MAX;
	     i++) {
		const struct anchor_extent *e = &now.extent[i];
		const void *host = ram_at(ram, e->hpa, e->bytes);

		if (host)
			memory->extent[memory->extents++] =
				(struct guest_extent){ .gpa = e->gpa,
						       .bytes = e->bytes,
						       .host = host };
	}
}

/* As of the last exit of the VM's first vCPU. */
static int paging_describe(const struct ram *ram, const struct anchor *a,
			   unsigned int vm, struct guest_paging *paging)
{
	uint64_t first = a->vm[vm].first_vcpu, vcpus_hpa = a->vcpu_hpa;
	const struct anchor_vcpu *vcpu;

	if (first >= ANCHOR_VCPUS_MAX || vcpus_hpa > ram->bytes)
		return -EAGAIN;
	vcpu = ram_at(ram, vcpus_hpa + first * sizeof(*vcpu), sizeof(*vcpu));
	if (!vcpu)
		return -EAGAIN;
	*paging = (struct guest_paging){ .cr0 = vcpu->cr0, .cr3 = vcpu->cr3,
					 .cr4 = vcpu->cr4,
					 .efer = vcpu->efer };
	return 0;
}

struct guest_kernel *vm_kernel_open(const void *ram, size_t ram_bytes,
				    size_t anchor_offset, unsigned int vm,
				    const char **why)
{
	struct ram all = { ram, ram_bytes };
	const struct anchor *a = ram_at(&all, anchor_offset, sizeof(*a));
	struct guest_memory memory;
	struct guest_paging paging;

	*why = "the machine does not show its vCPUs";
	if (!a || vm >= ANCHOR_VMS_MAX ||
	    paging_describe(&all, a, vm, &paging)) {
		errno = EAGAIN;
		return NULL;
	}
	memory_describe(&all, &a->vm[vm], &memory);
	return guest_kernel_open(&memory, &paging, why);
}

int vm_kernel_processes(const void *ram, size_t ram_bytes,
			size_t anchor_offset, unsigned int vm,
			struct process_list *list, const char **why)
{
	struct guest_kernel *k = vm_kernel_open(ram, ram_bytes, anchor_offset,
						vm, why);
	int err;

	if (!k)
		return errno == ENOMEM ? -ENOMEM : -EAGAIN;
	err = guest_kernel_processes(k, list, why);
	guest_kernel_close(k);
	return err;
}

struct symtab *vm_kernel_symtab(const void *ram, size_t ram_bytes,
				size_t anchor_offset, unsigned int vm,
				struct process_list *list)
{
	struct symtab *symtab = NULL;
	const char *why;
	struct guest_kernel *k = vm_kernel_open(ram, ram_bytes, anchor_offset,
						vm, &why);
	size_t bytes;
	char *text;

	if (k && list && guest_kernel_processes(k, list, &why))
		list->init_task = 0;
	if (k && !guest_kernel_kallsyms(k, &text, &bytes, NULL)) {
		symtab = symtab_from_kallsyms(text, bytes, NULL);
		free(text);
	}
	guest_kernel_close(k);
	return symtab;
}
