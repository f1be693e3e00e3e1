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

/*
 * An exit that is not yet counted at its place: in the meantime the memory
 * comes that was asked for.
 */
struct site_late {
	uint64_t rip;
	uint32_t tag;
	uint32_t slot;		/* where it hashed to */
	uint32_t cycles;
};

#define SITES_LATE	32	/* more would leave the L1 cache again */

struct sites {
	struct site_late late[SITES_LATE];
	unsigned int lates;	/* that wait */
	/* open addressing with linear probing, a quarter full at most */
	struct site *site;
	size_t used;
	unsigned int bits;	/* log2 of how many there is room for */
	/* random: guests must not choose what collides */
	uint64_t seed[2];
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
/* Counts exits that wait at their places. 0 or -ENOMEM. */
int sites_add_late(struct sites *s);
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
	unsigned __int128 x = (unsigned __int128)(rip ^ s->seed[0]) *
			      (tag ^ s->seed[1]);

	return ((uint64_t)x ^ (uint64_t)(x >> 64)) >> (64 - s->bits);
}

/* 0 or -ENOMEM. */
static inline int sites_add(struct sites *s, unsigned int vm,
			    const struct event_vmexit *exit)
{
	bool user = exit->cpl == 3;
	struct site_late *late = &s->late[s->lates++];

	late->rip = user ? 0 : exit->rip;
	late->tag = SITE_TAG(vm, exit->vcpu, exit->reason,
			     user ? SITE_USER : SITE_KERNEL);
	late->slot = sites_slot(s, late->rip, late->tag);
	late->cycles = exit->handle_cycles;
	__builtin_prefetch(&s->site[late->slot], 1);
	return s->lates < SITES_LATE ? 0 : sites_add_late(s);
}

#endif
