/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the anchor's VM table to guest memory and paging, as the tracer's
 * other rooms want them.
 */
#include "tracer/guest/vm_kernel.h"

#include <errno.h>
#include <stdlib.h>

static void memory_describe(const struct machine_view *view,
			    const struct anchor_vm *vm,
			    struct guest_memory *memory)
{
	/* read once: the machine could write it between check and use */
	struct anchor_vm now = *(const volatile struct anchor_vm *)vm;

	*memory = (struct guest_memory){ 0 };
	for (unsigned int i = 0; i < now.extents && i < ANCHOR_EXTENTS_MAX;
	     i++) {
		const struct anchor_extent *e = &now.extent[i];
		const void *host = view_bytes(view, e->hpa, e->bytes);

		if (host)
			memory->extent[memory->extents++] =
				(struct guest_extent){ .gpa = e->gpa,
						       .bytes = e->bytes,
						       .host = host };
	}
}

/* As of the last exit of the VM's first vCPU. */
static int paging_describe(const struct machine_view *view,
			   const struct anchor_vm *vm,
			   struct guest_paging *paging)
{
	const struct anchor_vcpu *vcpu = view_vcpu(view, vm->first_vcpu);

	if (!vcpu)
		return -EAGAIN;
	*paging = (struct guest_paging){ .cr0 = vcpu->cr0, .cr3 = vcpu->cr3,
					 .cr4 = vcpu->cr4,
					 .efer = vcpu->efer };
	return 0;
}

struct guest_kernel *vm_kernel_open(const struct machine_view *view,
				    unsigned int vm, const char **why)
{
	const struct anchor *a = view_anchor(view);
	struct guest_memory memory;
	struct guest_paging paging;

	*why = "the machine does not show its vCPUs";
	if (!a || vm >= ANCHOR_VMS_MAX ||
	    paging_describe(view, &a->vm[vm], &paging)) {
		errno = EAGAIN;
		return NULL;
	}
	memory_describe(view, &a->vm[vm], &memory);
	return guest_kernel_open(&memory, &paging, why);
}

int vm_kernel_processes(const struct machine_view *view, unsigned int vm,
			struct process_list *list, const char **why)
{
	struct guest_kernel *k = vm_kernel_open(view, vm, why);
	int err;

	if (!k)
		return errno == ENOMEM ? -ENOMEM : -EAGAIN;
	err = guest_kernel_processes(k, list, why);
	guest_kernel_close(k);
	return err;
}

struct symtab *vm_kernel_symtab(const struct machine_view *view,
				unsigned int vm, struct process_list *list)
{
	struct symtab *symtab = NULL;
	const char *why;
	struct guest_kernel *k = vm_kernel_open(view, vm, &why);
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
