/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's physical and virtual memory, read from outside.
 *
 * The page walk follows the manuals' "4-Level Paging and 5-Level Paging":
 * W and U are the AND over the levels, NX the OR. Nothing is believed: a
 * table outside RAM is an entry that is not present, and a walk is as deep
 * as there are levels, whatever the tables point at.
 */
#include "tracer/guest/guest_memory.h"

#include <string.h>

#define CR0_PG			(1ull << 31)
#define CR4_LA57		(1ull << 12)
#define EFER_LMA		(1ull << 10)

/* Paging-structure entries, all levels */
#define PTE_PRESENT		(1ull << 0)
#define PTE_WRITABLE		(1ull << 1)
#define PTE_USER		(1ull << 2)
#define PTE_LARGE		(1ull << 7)
#define PTE_NO_EXECUTE		(1ull << 63)
#define PTE_ADDRESS		0x000ffffffffff000ull

/* Where gpa is, and how many bytes of RAM follow it there. */
static const uint8_t *extent_find(const struct guest_memory *m, uint64_t gpa,
				  uint64_t *room)
{
	for (unsigned int i = 0; i < m->extents; i++) {
		const struct guest_extent *e = &m->extent[i];

		if (gpa >= e->gpa && gpa - e->gpa < e->bytes) {
			*room = e->bytes - (gpa - e->gpa);
			return e->host + (gpa - e->gpa);
		}
	}
	return NULL;
}

const void *guest_physical(const struct guest_memory *m, uint64_t gpa,
			   size_t bytes)
{
	uint64_t room;
	const uint8_t *host = extent_find(m, gpa, &room);

	return host && bytes <= room ? host : NULL;
}

/* An entry that cannot be read is one that is not present. */
static uint64_t entry_read(const struct guest_memory *m, uint64_t table,
			   unsigned int index)
{
	const void *at = guest_physical(m, table + index * 8, 8);
	uint64_t entry = 0;

	if (at)
		memcpy(&entry, at, sizeof(entry));
	return entry;
}

static bool address_is_canonical(uint64_t gva, unsigned int levels)
{
	unsigned int unused = 64 - (12 + 9 * levels);

	return (uint64_t)((int64_t)(gva << unused) >> unused) == gva;
}

bool guest_walk(const struct guest_memory *m, const struct guest_paging *p,
		uint64_t gva, struct guest_mapping *leaf)
{
	unsigned int level = p->cr4 & CR4_LA57 ? 5 : 4;
	uint64_t table = p->cr3 & PTE_ADDRESS;

	*leaf = (struct guest_mapping){
		.gva = gva, .writable = true, .user = true,
	};
	if (!(p->cr0 & CR0_PG) || !(p->efer & EFER_LMA) ||
	    !address_is_canonical(gva, level))
		return false;
	for (; level; level--) {
		unsigned int shift = 12 + 9 * (level - 1);
		uint64_t entry = entry_read(m, table, gva >> shift & 511);

		leaf->bytes = 1ull << shift;
		leaf->gva = gva & ~(leaf->bytes - 1);
		if (!(entry & PTE_PRESENT))
			return false;
		leaf->writable &= !!(entry & PTE_WRITABLE);
		leaf->user &= !!(entry & PTE_USER);
		leaf->no_execute |= !!(entry & PTE_NO_EXECUTE);
		table = entry & PTE_ADDRESS;
		if (level == 1 || (level <= 3 && (entry & PTE_LARGE)))
			break;
	}
	/* the low bits of a large page's entry are flags (PAT) */
	leaf->gpa = table & ~(leaf->bytes - 1);
	return true;
}

size_t guest_read_virtual(const struct guest_memory *m,
			  const struct guest_paging *p, uint64_t gva,
			  void *to, size_t bytes)
{
	struct guest_mapping leaf;
	size_t done = 0;

	while (done < bytes && guest_walk(m, p, gva + done, &leaf)) {
		uint64_t inside = gva + done - leaf.gva;
		uint64_t chunk = leaf.bytes - inside;
		uint64_t room;
		const uint8_t *host = extent_find(m, leaf.gpa + inside, &room);

		if (!host)
			break;
		if (chunk > room)
			chunk = room;
		if (chunk > bytes - done)
			chunk = bytes - done;
		memcpy((uint8_t *)to + done, host, chunk);
		done += chunk;
		if (gva + done < gva)	/* the address space has ended */
			break;
	}
	return done;
}
