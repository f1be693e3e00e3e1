/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where code was found last, so that the next exit there needs no walk.
 *
 * An entry keeps the page-table entries that its translation came from.
 * While they hold the same values it is the same translation: a load for each says
 * what a walk would, and nothing the guest does to its tables, with or
 * without INVLPG, goes unseen. 64-bit code only.
 */
#ifndef VMM_CORE_VCPU_FETCH_H
#define VMM_CORE_VCPU_FETCH_H

#include "vmm-core/lib/types.h"

#define FETCH_LEVELS		5
/* the kernel's large pages have no more */
#define FETCH_LEVELS_USUAL	3
#define FETCH_ENTRIES		8
#define FETCH_PAGE_BYTES	4096u
#define FETCH_OPCODE_BYTES	4	/* that fetch_is() looks at */

struct fetch_entry {
	u64 page;		/* gva of the code's page */
	/* cr4 0 is an unused entry: 64-bit code has CR4.PAE */
	u64 cr3, cr4;
	const u8 *code;		/* that page in memory */
	/* in guest RAM, from the root on; a constant where there are fewer than
	 * FETCH_LEVELS_USUAL */
	struct { const volatile u64 *pte; u64 value; } level[FETCH_LEVELS];
	u64 levels;
} __aligned(128);

static inline u64 fetch_index(u64 gva)
{
	return gva / FETCH_PAGE_BYTES % FETCH_ENTRIES;
}

static inline bool fetch_level_changed(const struct fetch_entry *f, u64 i)
{
	return *f->level[i].pte != f->level[i].value;
}

/* Did one of the translation's entries change since? */
static inline bool fetch_changed(const struct fetch_entry *f)
{
	if (unlikely(fetch_level_changed(f, 0) || fetch_level_changed(f, 1) ||
		     fetch_level_changed(f, 2)))
		return true;
	for (u64 i = FETCH_LEVELS_USUAL; unlikely(i < f->levels); i++)
		if (fetch_level_changed(f, i))
			return true;
	return false;
}

/* 64-bit code at gva, `bytes` of it in one page; false if it must be walked
 * for. */
static inline bool fetch_find(const struct fetch_entry *entries, u64 gva,
			      u64 cr3, u64 cr4, u64 bytes, const u8 **code)
{
	const struct fetch_entry *f = &entries[fetch_index(gva)];
	u64 offset = gva ^ f->page;

	if (unlikely(offset > FETCH_PAGE_BYTES - bytes || f->cr3 != cr3 ||
		     f->cr4 != cr4 || fetch_changed(f)))
		return false;
	*code = f->code + offset;
	return true;
}

/* Are the instruction's first bytes, without prefix, these (at most 4)? */
static inline bool fetch_is(const u8 *code, u32 opcode, u8 bytes)
{
	u32 first = 0;

	if (bytes == 2)
		__builtin_memcpy(&first, code, 2);
	else
		__builtin_memcpy(&first, code, sizeof(first));
	return bytes == 2 ? (u16)first == (u16)opcode :
			    !((first ^ opcode) << (32 - 8 * bytes));
}

#endif
