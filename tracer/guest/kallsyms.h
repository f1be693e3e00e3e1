/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's own symbol tables, found by their shape in a piece of its
 * image and decoded. No version is asked for: all known layouts are tried,
 * and the first that fits what is there is it.
 */
#ifndef TRACER_GUEST_KALLSYMS_H
#define TRACER_GUEST_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/guest/symbol_text.h"

/* A private copy: the guest cannot change it while it is being checked. */
struct kallsyms_area {
	const uint8_t *at;	/* 8-aligned, as gva is */
	size_t bytes;
	uint64_t gva;
};

/* A name is a string of bytes, each of which stands for a token. */
#define KALLSYMS_TOKENS		256
#define KALLSYMS_TOKEN_MAX	127

#define KALLSYMS_COUNT_MIN	2000
#define KALLSYMS_COUNT_MAX	(4u << 20)
/* One marker every so many names: where that name starts. */
#define KALLSYMS_MARKER_STEP	256

struct kallsyms {
	struct kallsyms_area area;	/* must outlive this */
	uint32_t count;
	/* offsets into the area */
	size_t num_at;		/* kallsyms_num_syms */
	size_t names_at, names_end;
	size_t token_table_at;
	size_t token_index_at;
	uint64_t *address;	/* of each symbol, in the table's order */
	uint8_t token_bytes[KALLSYMS_TOKENS];
	bool token_is_type[KALLSYMS_TOKENS];	/* starts as nm's types do */
	char token[KALLSYMS_TOKENS][KALLSYMS_TOKEN_MAX + 1];
	uint64_t work;		/* what finding has cost so far */
	uint32_t marker[KALLSYMS_COUNT_MAX / KALLSYMS_MARKER_STEP];
};

/* A symbol of interest: its first address, 0 if there is none. */
struct kallsyms_wanted {
	const char *name;
	uint64_t address;
};

/*
 * Looks for the tables of a kernel at [text, text + text_bytes). 0, -ENOENT,
 * -ENOMEM. *k is large, and all 0 before the first of several looks, which
 * share one limit of work. The caller frees what it holds.
 */
int kallsyms_find(struct kallsyms *k, const struct kallsyms_area *area,
		  uint64_t text, uint64_t text_bytes);
/* 0 or negative errno. Order: the table's, which is that of /proc/kallsyms. */
int kallsyms_print(const struct kallsyms *k, struct symbol_text *t,
		   struct kallsyms_wanted *wanted, unsigned int wanted_count);
void kallsyms_free(struct kallsyms *k);

/* For kallsyms.c: fills in k->address from the tables around the others. */
int kallsyms_address_find(struct kallsyms *k, uint64_t text,
			  uint64_t text_bytes);

#endif
