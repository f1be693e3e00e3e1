/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The symbols of a guest kernel's modules, from its list of them.
 */
#ifndef TRACER_GUEST_MODULES_H
#define TRACER_GUEST_MODULES_H

#include "tracer/guest/guest_memory.h"
#include "tracer/guest/symbol_text.h"

/* How this kernel lays out what we read of it. All false and 0: unknown. */
struct module_layout {
	bool known;
	uint32_t state, list, name, kallsyms;		/* struct module */
	uint32_t symtab, num_symtab, strtab, typetab;	/* mod_kallsyms */
	bool exports_known;
	uint32_t syms, num_syms;			/* struct module */
	uint32_t export_bytes, export_value, export_name; /* kernel_symbol */
};

/* From the kernel's BTF. 0 or negative errno; *l says what is known. */
int module_layout_find(struct module_layout *l, const uint8_t *btf,
		       size_t bytes);

/*
 * Appends the symbols of all modules on the list at head (the kernel's
 * `modules`), in its order. *bad counts modules that could not be read whole
 * and were left out. 0, -ENOMEM or -E2BIG.
 */
int modules_print(const struct guest_memory *m, const struct guest_paging *p,
		  const struct module_layout *l, uint64_t head,
		  struct symbol_text *t, unsigned int *bad);

#endif
