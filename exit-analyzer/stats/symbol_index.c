/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of names by content, with linear probing, half full at most.
 */
#include "exit-analyzer/stats/symbol_index.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define NAMES_FIRST 1024

struct symbol_index {
	const struct symtab *symtab[ANCHOR_VMS_MAX];
	uint64_t seed;
	/* name[0] is not used: that number means unknown */
	struct symbol_index_name *name;
	size_t names;
	uint32_t *slot;		/* number, 0: free; twice names_max slots */
	size_t names_max;	/* a power of two */
};

struct symbol_index *
symbol_index_new(const struct symtab *const symtab[ANCHOR_VMS_MAX])
{
	struct symbol_index *x = calloc(1, sizeof(*x));

	if (!x)
		return NULL;
	memcpy(x->symtab, symtab, sizeof(x->symtab));
	/* without entropy the table is merely predictable */
	if (getrandom(&x->seed, sizeof(x->seed), GRND_NONBLOCK) < 0)
		x->seed = (uintptr_t)x;
	x->names = 1;
	x->names_max = NAMES_FIRST;
	x->name = calloc(x->names_max, sizeof(*x->name));
	x->slot = calloc(2 * x->names_max, sizeof(*x->slot));
	if (x->name && x->slot)
		return x;
	symbol_index_free(x);
	errno = ENOMEM;
	return NULL;
}

void symbol_index_free(struct symbol_index *x)
{
	if (!x)
		return;
	free(x->name);
	free(x->slot);
	free(x);
}

static size_t name_slot(const struct symbol_index *x, const char *name,
			const char *module)
{
	uint64_t hash = XXH3_64bits_withSeed(name, strlen(name), x->seed);

	if (module)
		hash = XXH3_64bits_withSeed(module, strlen(module), hash);
	return hash & (2 * x->names_max - 1);
}

static size_t next_slot(const struct symbol_index *x, size_t i)
{
	return (i + 1) & (2 * x->names_max - 1);
}

static int names_grow(struct symbol_index *x)
{
	struct symbol_index_name *name;
	uint32_t *slot = calloc(4 * x->names_max, sizeof(*slot));

	name = slot ? reallocarray(x->name, 2 * x->names_max, sizeof(*name)) :
		      NULL;
	if (!name) {
		free(slot);
		return -ENOMEM;
	}
	free(x->slot);
	x->name = name;
	x->slot = slot;
	x->names_max *= 2;
	for (size_t n = 1; n < x->names; n++) {
		size_t i = name_slot(x, name[n].name, name[n].module);

		while (slot[i])
			i = next_slot(x, i);
		slot[i] = n;
	}
	return 0;
}

static bool name_equal(const struct symbol_index_name *a,
		       const struct symbol *b)
{
	if (!a->module || !b->module)
		return a->module == b->module && !strcmp(a->name, b->name);
	return !strcmp(a->name, b->name) && !strcmp(a->module, b->module);
}

static ssize_t name_number(struct symbol_index *x, const struct symbol *sym)
{
	size_t i;
	int err = x->names == x->names_max ? names_grow(x) : 0;

	if (err)
		return err;
	for (i = name_slot(x, sym->name, sym->module); x->slot[i];
	     i = next_slot(x, i))
		if (name_equal(&x->name[x->slot[i]], sym))
			return x->slot[i];
	x->name[x->names] = (struct symbol_index_name){
		.name = sym->name,
		.module = sym->module,
	};
	x->slot[i] = x->names;
	return x->names++;
}

ssize_t symbol_index_find(struct symbol_index *x, unsigned int vm, uint64_t rip)
{
	const struct symbol *sym = NULL;

	if (vm < ANCHOR_VMS_MAX && x->symtab[vm])
		sym = symtab_lookup(x->symtab[vm], rip);
	return sym ? name_number(x, sym) : SYMBOL_INDEX_UNKNOWN;
}

struct symbol_index_name symbol_index_name(const struct symbol_index *x,
					   size_t number)
{
	return x->name[number];
}
