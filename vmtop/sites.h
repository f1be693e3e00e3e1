/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by the place in the guest that caused them. An event costs a look
 * into one table and two additions; what function the place lies in is
 * asked once a place, when an interval ends.
 */
#ifndef VMTOP_SITES_H
#define VMTOP_SITES_H

#include <stdbool.h>

#include "exit-analyzer/row_table.h"
#include "exit-analyzer/symbol_index.h"
#include "vmtop/snapshot.h"

#define SITES_VMS	(ANCHOR_VMS_MAX + 1)

/* Two to a cache line. */
struct site {
	uint64_t rip;
	uint64_t cycles;
	uint32_t tag;		/* 0: not in use */
	uint32_t count;		/* moved to its row before it is full */
	uint32_t max_cycles;
	uint32_t row;		/* among the symbols, SITES_NO_ROW: not asked */
};

struct sites {
	/* open addressing with linear probing, a quarter full at most */
	struct site *site;
	size_t used;
	unsigned int bits;	/* log2 of how many there is room for */
	uint64_t seed;		/* guests must not choose what collides */
	/* snapshot rows, by symbol or address, and tag */
	struct row_table row_table;
	struct snapshot_symbol *row;
	size_t rows_max;
	struct symbol_index *symbols;
	void *names;		/* a tree of those in rows: they outlive tables */
};

/* 0 or -ENOMEM. */
int sites_init(struct sites *s);
void sites_exit(struct sites *s);
/*
 * Tables of each VM, NULL: none; borrowed until others take their place. The
 * names in rows live as long as the sites.
 */
int sites_use_symbols(struct sites *s,
		      const struct symtab *const symtab[ANCHOR_VMS_MAX]);
/* Of a place that is not where it hashes to, or was not seen before. */
struct site *sites_find(struct sites *s, uint64_t rip, uint32_t tag);
/* What a place counted goes to its row. 0 or -ENOMEM. */
int sites_settle(struct sites *s, struct site *site);
/*
 * The interval's rows, most cycles first; at most `most`, the rest added up
 * in rows named "[others]". The next interval begins. Caller frees *rows.
 */
int sites_collect(struct sites *s, size_t most, struct snapshot_symbol **rows,
		  size_t *count);

/* vm slot, vCPU, reason and whose code it is, in one word that is not 0. */
#define SITE_TAG(vm, vcpu, reason, kind) \
	(1u << 31 | (uint32_t)(vm) << 20 | (uint32_t)(vcpu) << 12 | \
	 (uint32_t)(reason) << 4 | (kind))
enum site_kind {
	SITE_KERNEL,
	SITE_USER,		/* of any address */
	SITE_OTHERS,		/* what there was no room for */
};
#define SITE_TAG_VM(tag)	((tag) >> 20 & 0x7ff)
#define SITE_TAG_VCPU(tag)	((tag) >> 12 & 0xff)
#define SITE_TAG_REASON(tag)	((tag) >> 4 & 0xff)
#define SITE_TAG_KIND(tag)	((tag) & 0xf)

static inline size_t sites_slot(const struct sites *s, uint64_t rip,
				uint32_t tag)
{
	uint64_t x = (rip ^ (uint64_t)tag << 32 ^ s->seed) *
		     0x9e3779b97f4a7c15ull;

	return (x ^ x >> 29) * 0xbf58476d1ce4e5b9ull >> (64 - s->bits);
}

/* 0 or -1: out of memory. */
static inline int sites_add(struct sites *s, unsigned int vm,
			    const struct event_vmexit *exit)
{
	bool user = exit->cpl == 3;
	uint32_t tag = SITE_TAG(vm, exit->vcpu, exit->reason,
				user ? SITE_USER : SITE_KERNEL);
	uint64_t rip = user ? 0 : exit->rip;
	struct site *site = &s->site[sites_slot(s, rip, tag)];

	if (site->tag != tag || site->rip != rip)
		site = sites_find(s, rip, tag);
	if (!site)
		return -1;
	site->cycles += exit->handle_cycles;
	if (exit->handle_cycles > site->max_cycles)
		site->max_cycles = exit->handle_cycles;
	return ++site->count == UINT32_MAX ? sites_settle(s, site) : 0;
}

#endif
