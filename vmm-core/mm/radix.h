/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page tables of any format that x86 has: trees of pages with 512 entries.
 * The core's own, nested and extended page tables differ in a few bits.
 */
#ifndef VMM_CORE_MM_RADIX_H
#define VMM_CORE_MM_RADIX_H

#include "vmm-core/lib/types.h"

#define RADIX_ENTRIES	512

/* Levels count from the leaves: 0 is 4 KiB, 1 is 2 MiB, 2 is 1 GiB. */
struct radix_format {
	u64 present;		/* an entry with any of these is in use */
	u64 table;		/* what an entry has that leads to a table */
	u64 large;		/* marks leaves of levels above 0 */
	u64 address;		/* where an entry holds an address */
	unsigned int levels;
	unsigned int large_level; /* the highest one where leaves may be */
};

/*
 * The entry of `at` on that level, with the tables that lead to it made, and
 * larger leaves above it split. NULL: no memory.
 */
u64 *radix_entry(u64 *root, const struct radix_format *format, u64 at,
		 unsigned int level);

/*
 * Makes leaves of whole pages, as large as they can be: from `at` on to `to`,
 * with these bits. A leaf without present bits still knows its page. -ENOMEM.
 */
int radix_map(u64 *root, const struct radix_format *format, u64 at, u64 to,
	      u64 bytes, u64 bits);
/* Gives the leaves there other bits. -EINVAL: not all of it is mapped. */
int radix_protect(u64 *root, const struct radix_format *format, u64 at,
		  u64 bytes, u64 bits);

#endif
