/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of names by content, with linear probing, half full at most.
 */
#include "exit-analyzer/stats/name_index.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define NAMES_FIRST 1024

int name_index_init(struct name_index *x)
{
	memset(x, 0, sizeof(*x));
	/* without entropy the table is merely predictable */
	if (getrandom(&x->seed, sizeof(x->seed), GRND_NONBLOCK) < 0)
		x->seed = (uintptr_t)x;
	x->entries_max = NAMES_FIRST;
	x->entry = calloc(x->entries_max, sizeof(*x->entry));
	x->slot = calloc(2 * x->entries_max, sizeof(*x->slot));
	if (x->entry && x->slot)
		return 0;
	name_index_exit(x);
	return -ENOMEM;
}

void name_index_exit(struct name_index *x)
{
	for (size_t i = 0; i < x->entries; i++)
		free((char *)x->entry[i].name);
	free(x->entry);
	free(x->slot);
	memset(x, 0, sizeof(*x));
}

static size_t name_slot(const struct name_index *x, const char *name,
			const char *module)
{
	uint64_t hash = XXH3_64bits_withSeed(name, strlen(name), x->seed);

	if (module)
		hash = XXH3_64bits_withSeed(module, strlen(module), hash);
	return hash & (2 * x->entries_max - 1);
}

static size_t next_slot(const struct name_index *x, size_t i)
{
	return (i + 1) & (2 * x->entries_max - 1);
}

static int entries_grow(struct name_index *x)
{
	struct name_index_entry *entry;
	uint32_t *slot = calloc(4 * x->entries_max, sizeof(*slot));

	entry = slot ? reallocarray(x->entry, 2 * x->entries_max,
				    sizeof(*entry)) : NULL;
	if (!entry) {
		free(slot);
		return -ENOMEM;
	}
	free(x->slot);
	x->entry = entry;
	x->slot = slot;
	x->entries_max *= 2;
	for (size_t n = 0; n < x->entries; n++) {
		size_t i = name_slot(x, entry[n].name, entry[n].module);

		while (slot[i])
			i = next_slot(x, i);
		slot[i] = n + 1;
	}
	return 0;
}

static bool entry_is(const struct name_index_entry *e, const char *name,
		     const char *module)
{
	if (!e->module || !module)
		return e->module == module && !strcmp(e->name, name);
	return !strcmp(e->name, name) && !strcmp(e->module, module);
}

/* Copies both texts, one behind the other. */
static int entry_fill(struct name_index_entry *e, const char *name,
		      const char *module)
{
	size_t name_bytes = strlen(name) + 1;
	size_t module_bytes = module ? strlen(module) + 1 : 0;
	char *copy = malloc(name_bytes + module_bytes);

	if (!copy)
		return -ENOMEM;
	e->name = memcpy(copy, name, name_bytes);
	e->module = module ? memcpy(copy + name_bytes, module, module_bytes) :
			     NULL;
	return 0;
}

ssize_t name_index_find(struct name_index *x, const char *name,
			const char *module)
{
	size_t i;
	int err = x->entries == x->entries_max ? entries_grow(x) : 0;

	if (err)
		return err;
	for (i = name_slot(x, name, module); x->slot[i]; i = next_slot(x, i))
		if (entry_is(&x->entry[x->slot[i] - 1], name, module))
			return x->slot[i] - 1;
	err = entry_fill(&x->entry[x->entries], name, module);
	if (err)
		return err;
	x->slot[i] = x->entries + 1;
	return x->entries++;
}

const struct name_index_entry *name_index_at(const struct name_index *x,
					     size_t number)
{
	return &x->entry[number];
}
