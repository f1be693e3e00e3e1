/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From (VM, RIP) to the number of a symbol's name. Equal names are one
 * symbol, whatever VM or address they stand at: KASLR moves addresses, so
 * only names compare between guests and between runs.
 */
#ifndef EXIT_ANALYZER_STATS_SYMBOL_INDEX_H
#define EXIT_ANALYZER_STATS_SYMBOL_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/symbol/symtab.h"
#include "vmm-core/abi/anchor.h"

struct symbol_index;

#define SYMBOL_INDEX_UNKNOWN 0	/* no table, or no function there */

struct symbol_index_name {
	const char *name;
	const char *module;	/* NULL: the kernel itself */
};

/* Tables of each VM or NULL, borrowed. NULL and errno. */
struct symbol_index *
symbol_index_new(const struct symtab *const symtab[ANCHOR_VMS_MAX]);
void symbol_index_free(struct symbol_index *x);
/* SYMBOL_INDEX_UNKNOWN, a number above it, or -ENOMEM. */
ssize_t symbol_index_find(struct symbol_index *x, unsigned int vm, uint64_t rip);
/* Of a number above SYMBOL_INDEX_UNKNOWN that find gave; borrowed from symtab. */
struct symbol_index_name symbol_index_name(const struct symbol_index *x,
					   size_t number);

#endif
