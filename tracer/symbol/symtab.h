/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sorted table of functions: address in, name and offset out.
 *
 * Built once, then read by any number of threads. Names belong to the
 * table and live as long as it does.
 */
#ifndef TRACER_SYMBOL_SYMTAB_H
#define TRACER_SYMBOL_SYMTAB_H

#include <stddef.h>
#include <stdint.h>

struct symtab;

struct symbol {
	uint64_t address;
	uint64_t size;		/* up to the next symbol, but see symtab.c */
	const char *name;
	const char *module;	/* NULL: the kernel itself */
	char type;		/* as nm(1) prints it: one of t T w W */
};

/*
 * From text as /proc/kallsyms has it: "address type name[\t[module]]". Lines
 * that do not parse are counted in *bad_lines (may be NULL) and left out.
 * NULL and errno on failure.
 */
struct symtab *symtab_from_kallsyms(const char *text, size_t bytes,
				    size_t *bad_lines);
/*
 * Returns the function that holds address; NULL if none does. If an address
 * has several names, a global one wins over a local, a local over a weak, and
 * the first of equals.
 */
const struct symbol *symtab_lookup(const struct symtab *t, uint64_t address);
size_t symtab_count(const struct symtab *t);	/* addresses with a name */
/* NULL is fine. */
void symtab_free(struct symtab *t);

#endif
