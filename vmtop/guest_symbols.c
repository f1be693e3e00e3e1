/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A running guest is asked as of its last exit; where it is still booting
 * there is nothing to find, and the caller asks again later.
 */
#include "vmtop/guest_symbols.h"

#include <stdlib.h>

#include "tracer/guest/guest_kernel.h"

static void extents_map(const struct machine *m, const struct anchor_vm *vm,
			struct guest_memory *memory)
{
	unsigned int extents = vm->extents;

	*memory = (struct guest_memory){ 0 };
	for (unsigned int i = 0; i < extents && i < ANCHOR_EXTENTS_MAX; i++) {
		struct guest_extent e = {
			.gpa = vm->extent[i].gpa,
			.bytes = vm->extent[i].bytes,
		};

		e.host = machine_physical(m, vm->extent[i].hpa, e.bytes);
		if (e.host)
			memory->extent[memory->extents++] = e;
	}
}

struct symtab *guest_symbols_of_machine(const struct machine *m,
					unsigned int vm)
{
	const struct anchor *a = machine_physical(m, machine_anchor_offset(m),
						  sizeof(*a));
	const struct anchor_vcpu *vcpu;
	struct symtab *symtab = NULL;
	struct guest_memory memory;
	struct guest_paging paging;
	struct guest_kernel *k;
	const char *why;
	size_t bytes;
	char *text;

	if (a->vm[vm].first_vcpu >= ANCHOR_VCPUS_MAX)
		return NULL;
	vcpu = machine_physical(m, a->vcpu_hpa + a->vm[vm].first_vcpu *
				sizeof(*vcpu), sizeof(*vcpu));
	if (!vcpu)
		return NULL;
	paging = (struct guest_paging){ vcpu->cr0, vcpu->cr3, vcpu->cr4,
					vcpu->efer };
	extents_map(m, &a->vm[vm], &memory);
	k = guest_kernel_open(&memory, &paging, &why);
	if (!k)
		return NULL;
	if (!guest_kernel_kallsyms(k, &text, &bytes, NULL)) {
		symtab = symtab_from_kallsyms(text, bytes, NULL);
		free(text);
	}
	guest_kernel_close(k);
	return symtab;
}

struct symtab *guest_symbols_of_file(const struct source *s, unsigned int vm)
{
	size_t bytes;
	const char *text = source_kallsyms(s, vm, &bytes);

	return text ? symtab_from_kallsyms(text, bytes, NULL) : NULL;
}
