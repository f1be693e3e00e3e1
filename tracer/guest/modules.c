/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modules and their symbols, read through the kernel's page tables.
 *
 * The guest runs meanwhile, and may lie: lists are cut where they meet
 * themselves, all that is copied comes out of one budget, and a module whose
 * tables do not make sense is left out whole.
 */
#include "tracer/guest/modules.h"

#include <ctype.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MODULES_MAX		4096
#define MODULE_NAME_BYTES	56	/* MODULE_NAME_LEN on 64 bits */
#define MODULE_SYMBOLS_MAX	(1u << 18)
#define MODULE_STRINGS_MAX	(4u << 20)
#define MODULE_EXPORTS_MAX	(1u << 14)
/* All that is read for modules; those of a full desktop have about 10 MB. */
#define READ_BYTES_MAX		(128u << 20)

#define MODULE_STATE_UNFORMED	3	/* enum module_state */

struct reader {
	const struct guest_memory *m;
	const struct guest_paging *p;
	const struct module_layout *l;
	size_t budget;
};

/* What EXPORT_SYMBOL leaves: /proc/kallsyms shows its types as capitals. */
struct export {
	uint64_t address;
	uint64_t name_gva;
};

struct module {
	char name[MODULE_NAME_BYTES];
	Elf64_Sym *symtab;
	uint8_t *types;
	uint32_t symbols;
	char *strings;
	size_t string_bytes;
	struct export *exports;
	uint32_t export_count;
};

static size_t read_some(struct reader *r, uint64_t gva, void *to, size_t bytes)
{
	if (bytes > r->budget)
		return 0;
	r->budget -= bytes;
	return guest_read_virtual(r->m, r->p, gva, to, bytes);
}

static bool read_at(struct reader *r, uint64_t gva, void *to, size_t bytes)
{
	return read_some(r, gva, to, bytes) == bytes;
}

/* An array from the guest, in memory of its own. */
static int read_array(struct reader *r, uint64_t gva, void *array_pointer,
		      size_t bytes)
{
	void *at;

	if (bytes > r->budget)
		return -EBADMSG;
	at = malloc(bytes ? bytes : 1);
	if (!at)
		return -ENOMEM;
	if (!read_at(r, gva, at, bytes)) {
		free(at);
		return -EBADMSG;
	}
	*(void **)array_pointer = at;
	return 0;
}

/* As long as the highest name needs, or as far as memory goes. */
static int strings_read(struct reader *r, struct module *mod, uint64_t gva)
{
	size_t bytes = 0;

	for (uint32_t i = 0; i < mod->symbols; i++) {
		if (mod->symtab[i].st_name > bytes)
			bytes = mod->symtab[i].st_name;
	}
	bytes += SYMBOL_NAME_MAX + 1;
	if (bytes > MODULE_STRINGS_MAX)
		return -EBADMSG;
	mod->strings = malloc(bytes);
	if (!mod->strings)
		return -ENOMEM;
	mod->string_bytes = read_some(r, gva, mod->strings, bytes);
	for (size_t i = 0; i < mod->string_bytes; i++) {
		if (mod->strings[i])
			mod->strings[i] = symbol_char_visible(mod->strings[i]);
	}
	return 0;
}

static int export_compare(const void *a, const void *b)
{
	const struct export *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* Entries hold distances from themselves. */
static int exports_read(struct reader *r, struct module *mod, uint64_t at)
{
	const struct module_layout *l = r->l;
	uint32_t size = l->export_bytes, count;
	uint64_t table;
	uint8_t *raw;
	int err;

	if (!l->exports_known || size < 4 || size > 64 ||
	    l->export_value > size - 4 || l->export_name > size - 4)
		return 0;
	if (!read_at(r, at + l->syms, &table, sizeof(table)) ||
	    !read_at(r, at + l->num_syms, &count, sizeof(count)) ||
	    count > MODULE_EXPORTS_MAX)
		return -EBADMSG;
	err = read_array(r, table, &raw, (size_t)count * size);
	if (err)
		return err;
	mod->exports = calloc(count ? count : 1, sizeof(*mod->exports));
	for (uint32_t i = 0; i < count && mod->exports; i++) {
		uint64_t value_gva = table + i * size + l->export_value;
		uint64_t name_gva = table + i * size + l->export_name;
		int32_t value, name;

		memcpy(&value, raw + i * size + l->export_value, 4);
		memcpy(&name, raw + i * size + l->export_name, 4);
		mod->exports[i].address = value_gva + (int64_t)value;
		mod->exports[i].name_gva = name_gva + (int64_t)name;
	}
	free(raw);
	if (!mod->exports)
		return -ENOMEM;
	mod->export_count = count;
	qsort(mod->exports, count, sizeof(*mod->exports), export_compare);
	return 0;
}

/* A symbol may share its address with one that is exported: names decide. */
static bool symbol_is_exported(struct reader *r, const struct module *mod,
			       uint64_t address, const char *name,
			       size_t name_bytes)
{
	char other[SYMBOL_NAME_MAX + 1];
	uint32_t low = 0, high = mod->export_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (mod->exports[mid].address < address)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < mod->export_count &&
	       mod->exports[low].address == address; low++) {
		if (read_at(r, mod->exports[low].name_gva, other,
			    name_bytes + 1) &&
		    !memcmp(other, name, name_bytes) && !other[name_bytes])
			return true;
	}
	return false;
}

static bool name_is_sound(const char *name)
{
	size_t bytes = strnlen(name, MODULE_NAME_BYTES);

	for (size_t i = 0; i < bytes; i++) {
		if (symbol_char_visible(name[i]) != name[i] ||
		    name[i] == '[' || name[i] == ']')
			return false;
	}
	return bytes && bytes < MODULE_NAME_BYTES;
}

static void module_close(struct module *mod)
{
	free(mod->symtab);
	free(mod->types);
	free(mod->strings);
	free(mod->exports);
}

static int module_open(struct reader *r, uint64_t at, struct module *mod)
{
	const struct module_layout *l = r->l;
	uint64_t kallsyms, symtab, types, strings;
	int err;

	*mod = (struct module){ 0 };
	if (!read_at(r, at + l->name, mod->name, MODULE_NAME_BYTES) ||
	    !name_is_sound(mod->name) ||
	    !read_at(r, at + l->kallsyms, &kallsyms, 8) ||
	    !read_at(r, kallsyms + l->symtab, &symtab, 8) ||
	    !read_at(r, kallsyms + l->num_symtab, &mod->symbols, 4) ||
	    !read_at(r, kallsyms + l->strtab, &strings, 8) ||
	    !read_at(r, kallsyms + l->typetab, &types, 8) ||
	    mod->symbols > MODULE_SYMBOLS_MAX)
		return -EBADMSG;
	err = read_array(r, symtab, &mod->symtab,
			 mod->symbols * sizeof(*mod->symtab));
	if (!err)
		err = read_array(r, types, &mod->types, mod->symbols);
	if (!err)
		err = strings_read(r, mod, strings);
	if (!err)
		err = exports_read(r, mod, at);
	if (err)
		module_close(mod);
	return err;
}

static int symbol_print(struct reader *r, const struct module *mod, uint32_t i,
			struct symbol_text *t)
{
	const Elf64_Sym *s = &mod->symtab[i];
	const char *name = mod->strings + s->st_name;
	char type = tolower(symbol_char_visible(mod->types[i]));
	size_t bytes;

	if (s->st_name >= mod->string_bytes)
		return -EBADMSG;
	bytes = strnlen(name, mod->string_bytes - s->st_name);
	if (bytes > SYMBOL_NAME_MAX)
		return -EBADMSG;
	if (!bytes)	/* the kernel does not show these */
		return 0;
	if (symbol_is_exported(r, mod, s->st_value, name, bytes))
		type = toupper(type);
	return symbol_text_add(t, s->st_value, type, name, bytes, mod->name);
}

/* 0, or what was added is taken back. */
static int module_print(struct reader *r, uint64_t at, struct symbol_text *t)
{
	struct symbol_text before = *t;
	struct module mod;
	int err = module_open(r, at, &mod);

	if (err)
		return err;
	for (uint32_t i = 0; i < mod.symbols && !err; i++)
		err = symbol_print(r, &mod, i, t);
	module_close(&mod);
	if (err) {
		t->bytes = before.bytes;
		t->lines = before.lines;
	}
	return err;
}

static bool module_is_unformed(struct reader *r, uint64_t at)
{
	uint32_t state;

	return read_at(r, at + r->l->state, &state, sizeof(state)) &&
		state == MODULE_STATE_UNFORMED;
}

/*
 * The nodes of the list, once each. A list that ends elsewhere than at its
 * head counts as one bad module: the rest of it is not known.
 */
static unsigned int list_read(struct reader *r, uint64_t head, uint64_t *node,
			      unsigned int *bad)
{
	unsigned int count = 0;
	uint64_t next;

	for (uint64_t at = head; ; at = next) {
		unsigned int i;

		if (!read_at(r, at, &next, sizeof(next)))
			break;
		if (next == head)
			return count;
		for (i = 0; i < count && node[i] != next; i++)
			;
		if (i < count || count == MODULES_MAX)
			break;
		node[count++] = next;
	}
	++*bad;
	return count;
}

int modules_print(const struct guest_memory *m, const struct guest_paging *p,
		  const struct module_layout *l, uint64_t head,
		  struct symbol_text *t, unsigned int *bad)
{
	struct reader r = { .m = m, .p = p, .l = l, .budget = READ_BYTES_MAX };
	uint64_t node[MODULES_MAX];
	unsigned int count = list_read(&r, head, node, bad);

	if (!l->known) {
		*bad += count;
		return 0;
	}
	for (unsigned int i = 0; i < count; i++) {
		uint64_t at = node[i] - l->list;
		int err;

		if (module_is_unformed(&r, at))
			continue;
		err = module_print(&r, at, t);
		if (err == -ENOMEM || err == -E2BIG)
			return err;
		*bad += !!err;
	}
	return 0;
}
