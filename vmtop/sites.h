/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by the place in the guest that caused them. An event costs a look
 * into a small cache and two additions; what function the place lies in is
 * asked once a place, when an interval ends.
 */
#ifndef VMTOP_SITES_H
#define VMTOP_SITES_H

#include <stdbool.h>

#include "exit-analyzer/row_table.h"
#include "exit-analyzer/symbol_index.h"
#include "vmtop/snapshot.h"

#define SITES_CACHE	4096	/* a power of two */
#define SITES_VMS	(ANCHOR_VMS_MAX + 1)

struct site {
	uint64_t count, cycles;
	uint32_t max_cycles;
	uint32_t row;		/* among the symbols, SITES_NO_ROW: not asked */
};

struct site_cached {
	uint64_t rip;
	uint32_t tag;		/* 0: not in use */
	uint32_t site;
};

struct sites {
	struct row_table table;	/* rip, tag */
	struct site *site;
	size_t sites_max;
	/* snapshot rows, by symbol or address, and tag */
	struct row_table row_table;
	struct snapshot_symbol *row;
	size_t rows_max;
	struct symbol_index *symbols;
	struct site_cached cache[SITES_CACHE];
};

/* 0 or -ENOMEM. */
int sites_init(struct sites *s);
void sites_exit(struct sites *s);
/* Tables of each VM, NULL: none; borrowed. Between two intervals. */
int sites_use_symbols(struct sites *s,
		      const struct symtab *const symtab[ANCHOR_VMS_MAX]);
/* Of a place that is not in the cache: finds its site and puts it there. */
struct site *sites_find(struct sites *s, uint64_t rip, uint32_t tag,
			struct site_cached *cached);
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

static inline int sites_add(struct sites *s, unsigned int vm,
			    const struct event_vmexit *exit)
{
	bool user = exit->cpl == 3;
	uint32_t tag = SITE_TAG(vm, exit->vcpu, exit->reason,
				user ? SITE_USER : SITE_KERNEL);
	uint64_t rip = user ? 0 : exit->rip;
	uint64_t hash = (rip ^ (uint64_t)tag << 32) * 0x9e3779b97f4a7c15ull;
	struct site_cached *cached = &s->cache[hash >> 52];
	struct site *site;

	if (cached->tag == tag && cached->rip == rip)
		site = &s->site[cached->site];
	else
		site = sites_find(s, rip, tag, cached);
	if (!site)
		return -1;
	site->count++;
	site->cycles += exit->handle_cycles;
	if (exit->handle_cycles > site->max_cycles)
		site->max_cycles = exit->handle_cycles;
	return 0;
}

#endif
