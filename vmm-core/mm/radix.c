/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building page tables. Tables come from the pool and are never given back:
 * what was split once stays small.
 */
#include "vmm-core/mm/radix.h"

#include "vmm-core/mm/mm.h"

static u64 level_bytes(unsigned int level)
{
	return PAGE_BYTES << 9 * level;
}

static u64 *level_entry(u64 *table, u64 at, unsigned int level)
{
	return &table[at >> (12 + 9 * level) & (RADIX_ENTRIES - 1)];
}

static bool is_table(const struct radix_format *f, u64 entry)
{
	return entry & f->present && !(entry & f->large);
}

/* The same mapping as a table of leaves one level below, or an empty one. */
static u64 *table_make(const struct radix_format *f, u64 *entry,
		       unsigned int level)
{
	u64 *table = mm_alloc(PAGE_BYTES, PAGE_BYTES);
	u64 leaf = level > 1 ? *entry : *entry & ~f->large;

	if (!table)
		return NULL;
	for (u64 i = 0; *entry && i < RADIX_ENTRIES; i++)
		table[i] = leaf + i * level_bytes(level - 1);
	*entry = hpa(table) | f->table;
	return table;
}

/* The table below an entry of that level. NULL: no memory. */
static u64 *table_below(const struct radix_format *f, u64 *entry,
			unsigned int level)
{
	if (is_table(f, *entry))
		return hva(*entry & f->address);
	return table_make(f, entry, level);
}

u64 *radix_entry(u64 *root, const struct radix_format *f, u64 at,
		 unsigned int level)
{
	unsigned int here = f->levels - 1;
	u64 *table = root;

	for (; table && here > level; here--)
		table = table_below(f, level_entry(table, at, here), here);
	return table ? level_entry(table, at, level) : NULL;
}

/* Whether a leaf for the first of so many bytes may stand on that level. */
static bool leaf_fits(const struct radix_format *f, u64 entry, u64 misaligned,
		      u64 bytes, unsigned int level)
{
	return level == 0 ||
	       (level <= f->large_level && !is_table(f, entry) &&
		bytes >= level_bytes(level) &&
		!(misaligned & (level_bytes(level) - 1)));
}

/* The entry for the largest leaf that can begin at `at`, and its level. */
static u64 *leaf_entry(u64 *root, const struct radix_format *f, u64 at,
		       u64 misaligned, u64 bytes, unsigned int *level)
{
	u64 *table = root, *entry;

	for (*level = f->levels - 1; table; --*level) {
		entry = level_entry(table, at, *level);
		if (leaf_fits(f, *entry, misaligned, bytes, *level))
			return entry;
		table = table_below(f, entry, *level);
	}
	return NULL;
}

static u64 leaf_make(const struct radix_format *f, u64 to, u64 bits,
		     unsigned int level)
{
	return to | bits | (level ? f->large : 0);
}

int radix_map(u64 *root, const struct radix_format *f, u64 at, u64 to,
	      u64 bytes, u64 bits)
{
	u64 end = at + bytes;

	while (at < end) {
		unsigned int level;
		u64 *entry = leaf_entry(root, f, at, at | to, end - at, &level);

		if (!entry)
			return -ENOMEM;
		*entry = leaf_make(f, to, bits, level);
		at += level_bytes(level);
		to += level_bytes(level);
	}
	return 0;
}

int radix_protect(u64 *root, const struct radix_format *f, u64 at, u64 bytes,
		  u64 bits)
{
	u64 end = at + bytes;

	while (at < end) {
		unsigned int level;
		u64 *entry = leaf_entry(root, f, at, at, end - at, &level);

		if (!entry)
			return -ENOMEM;
		if (!*entry)
			return -EINVAL;
		*entry = leaf_make(f, *entry & f->address &
				   ~(level_bytes(level) - 1), bits, level);
		at += level_bytes(level);
	}
	return 0;
}
