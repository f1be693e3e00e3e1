/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which members of the kernel's structs modules.c reads.
 */
#include "tracer/guest/modules.h"

#include <stddef.h>

#include "tracer/guest/btf.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct place {
	const char *type, *member;
	size_t to;		/* in struct module_layout */
};

#define PLACE(type, member, field) \
	{ type, member, offsetof(struct module_layout, field) }

static const struct place needed[] = {
	PLACE("module", "state", state),
	PLACE("module", "list", list),
	PLACE("module", "name", name),
	PLACE("module", "kallsyms", kallsyms),
	PLACE("mod_kallsyms", "symtab", symtab),
	PLACE("mod_kallsyms", "num_symtab", num_symtab),
	PLACE("mod_kallsyms", "strtab", strtab),
	PLACE("mod_kallsyms", "typetab", typetab),
};

/* Only the case of a symbol's type depends on these. */
static const struct place exports[] = {
	PLACE("module", "syms", syms),
	PLACE("module", "num_syms", num_syms),
	PLACE("kernel_symbol", "value_offset", export_value),
	PLACE("kernel_symbol", "name_offset", export_name),
};

static bool places_take(struct module_layout *l, const struct place *p,
			size_t count, const struct btf_member *found)
{
	bool all = true;

	for (size_t i = 0; i < count; i++) {
		*(uint32_t *)((char *)l + p[i].to) = found[i].offset;
		all &= found[i].found;
	}
	return all;
}

int module_layout_find(struct module_layout *l, const uint8_t *btf,
		       size_t bytes)
{
	struct btf_member wanted[COUNT(needed) + COUNT(exports)] = { 0 };
	struct btf_member *wanted_exports = wanted + COUNT(needed);
	int err;

	for (size_t i = 0; i < COUNT(needed); i++) {
		wanted[i].type = needed[i].type;
		wanted[i].name = needed[i].member;
	}
	for (size_t i = 0; i < COUNT(exports); i++) {
		wanted_exports[i].type = exports[i].type;
		wanted_exports[i].name = exports[i].member;
	}
	*l = (struct module_layout){ 0 };
	err = btf_find(btf, bytes, wanted, COUNT(wanted));
	if (err)
		return err;
	l->known = places_take(l, needed, COUNT(needed), wanted);
	l->exports_known = places_take(l, exports, COUNT(exports),
				       wanted_exports);
	l->export_bytes = wanted_exports[COUNT(exports) - 1].type_bytes;
	return 0;
}
