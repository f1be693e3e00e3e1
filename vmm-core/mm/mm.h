/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's memory. All of it is mapped one to one, so a physical
 * address (hpa) is a pointer. Memory is never freed: the core sets itself up
 * once, before guests run.
 */
#ifndef VMM_CORE_MM_MM_H
#define VMM_CORE_MM_MM_H

#include "vmm-core/lib/types.h"

#define PAGE_BYTES	4096ull
#define LARGE_PAGE_BYTES (2ull << 20)

/* Takes [start, end) into the pool, or out of it again for good. */
void mm_add(u64 start, u64 end);
void mm_reserve(u64 start, u64 end);

/* Zeroed; align is a power of two, at least PAGE_BYTES. NULL: no room. */
void *mm_alloc(u64 bytes, u64 align);
/* The same with whatever firmware, or who ran before, left in it. */
void *mm_alloc_uncleared(u64 bytes, u64 align);
u64 mm_free_bytes(void);

static inline void *hva(u64 hpa)
{
	return (void *)hpa;
}

static inline u64 hpa(const void *p)
{
	return (u64)p;
}

#endif
