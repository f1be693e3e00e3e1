/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A running guest is asked as of its last exit; where it is still booting
 * there is nothing to find, and the caller asks again later.
 */
#include "vmtop/watch/guest_symbols.h"

#include "tracer/guest/vm_kernel.h"

struct symtab *guest_symbols_of_machine(const struct machine *m,
					unsigned int vm,
					struct process_list *processes)
{
	return vm_kernel_symtab(machine_view(m), vm, processes);
}

struct symtab *guest_symbols_of_file(const struct source *s, unsigned int vm)
{
	size_t bytes;
	const char *text = source_kallsyms(s, vm, &bytes);

	return text ? symtab_from_kallsyms(text, bytes, NULL) : NULL;
}
