/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where code was found last, so that the next exit there needs no walk.
 *
 * An entry keeps the page-table entries that its translation came from.
 * While they hold the same values it is the same translation: five loads say
 * what a walk would, and nothing the guest does to its tables, with or
 * without INVLPG, goes unseen. 64-bit code only.
 */
#ifndef VMM_CORE_VCPU_FETCH_H
#define VMM_CORE_VCPU_FETCH_H

#include "vmm-core/lib/types.h"

#define FETCH_LEVELS		5
#define FETCH_ENTRIES		8
#define FETCH_PAGE_BYTES	4096u

struct fetch_entry {
	u64 page;		/* gva of the code's page */
	u64 cr3, cr4;
	const u8 *code;		/* that page in memory; NULL: unused */
	/* in guest RAM; what no level needs points to a constant */
	const volatile u64 *pte[FETCH_LEVELS];
	u64 value[FETCH_LEVELS];
} __aligned(128);

static inline u64 fetch_index(u64 gva)
{
	return gva / FETCH_PAGE_BYTES % FETCH_ENTRIES;
}

/* The page of 64-bit code at gva, NULL if it must be walked for. */
static inline const u8 *fetch_find(const struct fetch_entry *entries, u64 gva,
				   u64 cr3, u64 cr4)
{
	const struct fetch_entry *f = &entries[fetch_index(gva)];
	u64 changed = 0;

	if (unlikely(f->page != ALIGN_DOWN(gva, FETCH_PAGE_BYTES) ||
		     f->cr3 != cr3 || f->cr4 != cr4 || !f->code))
		return NULL;
#pragma GCC unroll 5
	for (unsigned int i = 0; i < FETCH_LEVELS; i++)
		changed |= *f->pte[i] ^ f->value[i];
	return likely(!changed) ? f->code : NULL;
}

/* Are the instruction's first bytes, without prefix, these (at most 4)? */
static inline bool fetch_is(const u8 *code, u64 gva, u32 opcode, u8 bytes)
{
	u64 offset = gva % FETCH_PAGE_BYTES;
	u32 first;

	if (unlikely(offset > FETCH_PAGE_BYTES - sizeof(first)))
		return false;
	__builtin_memcpy(&first, code + offset, sizeof(first));
	return !((first ^ opcode) << (32 - 8 * bytes));
}

#endif
