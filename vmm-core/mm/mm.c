/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool: a short list of free regions, allocated from the top down, so
 * that the low memory which loaders and old devices need stays free longest.
 */
#include "vmm-core/mm/mm.h"

#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/string.h"

#define REGIONS_MAX 128

struct region {
	u64 start, end;		/* page-aligned, start < end */
};

static struct region regions[REGIONS_MAX];
static unsigned int regions_count;

static void region_insert(u64 start, u64 end)
{
	if (start >= end)
		return;
	if (regions_count == REGIONS_MAX)
		refuse("the memory map has more than %d holes", REGIONS_MAX);
	regions[regions_count++] = (struct region){ start, end };
}

static void region_remove(unsigned int i)
{
	regions[i] = regions[--regions_count];
}

void mm_reserve(u64 start, u64 end)
{
	struct region old;

	start = ALIGN_DOWN(start, PAGE_BYTES);
	end = ALIGN_UP(end, PAGE_BYTES);
	for (unsigned int i = 0; i < regions_count;) {
		old = regions[i];
		if (old.end <= start || end <= old.start) {
			i++;
			continue;
		}
		/* the pieces go to the end; looking at them again is harmless */
		region_remove(i);
		region_insert(old.start, old.start < start ? start : 0);
		region_insert(old.end > end ? end : old.end, old.end);
	}
}

void mm_add(u64 start, u64 end)
{
	start = ALIGN_UP(start, PAGE_BYTES);
	end = ALIGN_DOWN(end, PAGE_BYTES);
	if (start >= end)
		return;
	/* firmware's entries may overlap: no page is here twice */
	mm_reserve(start, end);
	region_insert(start, end);
}

/* The highest address in the region where the allocation fits; 0: none. */
static u64 region_fit(const struct region *r, u64 bytes, u64 align)
{
	u64 start;

	if (r->end - r->start < bytes)
		return 0;
	start = ALIGN_DOWN(r->end - bytes, align);
	return start < r->start ? 0 : start;
}

void *mm_alloc_uncleared(u64 bytes, u64 align)
{
	u64 best = 0, start;

	if (!bytes || bytes > ~0ull - PAGE_BYTES)
		return NULL;
	bytes = ALIGN_UP(bytes, PAGE_BYTES);
	for (unsigned int i = 0; i < regions_count; i++) {
		start = region_fit(&regions[i], bytes, align);
		if (start > best)
			best = start;
	}
	if (!best)
		return NULL;
	mm_reserve(best, best + bytes);
	return hva(best);
}

void *mm_alloc(u64 bytes, u64 align)
{
	void *p = mm_alloc_uncleared(bytes, align);

	return p ? memset(p, 0, bytes) : NULL;
}

u64 mm_free_bytes(void)
{
	u64 sum = 0;

	for (unsigned int i = 0; i < regions_count; i++)
		sum += regions[i].end - regions[i].start;
	return sum;
}
