/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's own page table. All CPUs share it; it is complete before the
 * second one starts, so no entry is ever changed under another CPU.
 */
#include "vmm-core/mm/paging.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"

#define PTE_P		BIT(0)
#define PTE_RW		BIT(1)
#define PTE_PWT		BIT(3)
#define PTE_PCD		BIT(4)
#define PTE_PS		BIT(7)
#define PTE_TABLE	(PTE_P | PTE_RW)
#define PTE_ADDRESS	0x000ffffffffff000ull

#define TABLE_ENTRIES	512
#define GIB		(1ull << 30)

#define CPUID_PAGE_1G	BIT(26)		/* 80000001 EDX */

static bool has_1g_pages(void)
{
	return cpuid(0x80000000, 0).eax >= 0x80000001 &&
	       cpuid(0x80000001, 0).edx & CPUID_PAGE_1G;
}

static u64 *pml4(void)
{
	return hva(read_cr3() & PTE_ADDRESS);
}

/* The table below an entry, made if there is none. NULL: no memory. */
static u64 *table_below(u64 *entry)
{
	u64 *table;

	if (*entry & PTE_P)
		return hva(*entry & PTE_ADDRESS);
	table = mm_alloc(PAGE_BYTES, PAGE_BYTES);
	if (table)
		*entry = hpa(table) | PTE_TABLE;
	return table;
}

static int map_gib(u64 start)
{
	u64 *entry, *table = table_below(&pml4()[start >> 39]);

	if (!table)
		return -ENOMEM;
	entry = &table[start >> 30 & (TABLE_ENTRIES - 1)];
	if (*entry & PTE_P)
		return 0;
	if (has_1g_pages()) {
		*entry = start | PTE_TABLE | PTE_PS;
		return 0;
	}
	table = table_below(entry);
	if (!table)
		return -ENOMEM;
	for (u64 i = 0; i < TABLE_ENTRIES; i++)
		table[i] = (start + i * LARGE_PAGE_BYTES) | PTE_TABLE | PTE_PS;
	return 0;
}

int paging_map(u64 start, u64 end)
{
	int err;

	for (start = ALIGN_DOWN(start, GIB); start < end; start += GIB) {
		err = map_gib(start);
		if (err)
			return err;
	}
	return 0;
}

/* The entry of the large page that start.S made. */
static u64 *large_page_entry(u64 at)
{
	u64 *table = hva(pml4()[0] & PTE_ADDRESS);

	table = hva(table[at >> 30] & PTE_ADDRESS);
	return &table[at >> 21 & (TABLE_ENTRIES - 1)];
}

static void flush_page(u64 at)
{
	asm volatile("invlpg (%0)" : : "r"(at) : "memory");
}

void paging_set_uncached(u64 at)
{
	*large_page_entry(at) |= PTE_PCD | PTE_PWT;
	flush_page(at);
}

int paging_guard_null(void)
{
	u64 *table = mm_alloc(PAGE_BYTES, PAGE_BYTES);

	if (!table)
		return -ENOMEM;
	for (u64 i = 1; i < TABLE_ENTRIES; i++)
		table[i] = i * PAGE_BYTES | PTE_TABLE;
	*large_page_entry(0) = hpa(table) | PTE_TABLE;
	flush_page(0);
	return 0;
}
