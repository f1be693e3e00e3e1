/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's own page table. All CPUs share it; it is complete before the
 * second one starts, so no entry is ever changed under another CPU.
 */
#include "vmm-core/mm/paging.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/mm/radix.h"

#define GIB		(1ull << 30)

static bool has_1g_pages(void)
{
	return cpuid(0x80000000, 0).eax >= 0x80000001 &&
	       cpuid(0x80000001, 0).edx & CPUID81_EDX_PAGE_1G;
}

static struct radix_format own_format(void)
{
	return (struct radix_format){
		.present = PTE_PRESENT,
		.table = PTE_PRESENT | PTE_WRITE,
		.large = PTE_LARGE,
		.address = PTE_ADDRESS,
		.levels = 4,
		.large_level = has_1g_pages() ? 2 : 1,
	};
}

static u64 *own_root(void)
{
	return hva(read_cr3() & PTE_ADDRESS);
}

int paging_map(u64 start, u64 end)
{
	struct radix_format format = own_format();

	start = ALIGN_DOWN(start, GIB);
	/* those pages are there, and some are not as cached as others */
	if (start < PAGING_EARLY_END)
		start = PAGING_EARLY_END;
	if (start >= end)
		return 0;
	return radix_map(own_root(), &format, start, start,
			 ALIGN_UP(end, GIB) - start, PTE_PRESENT | PTE_WRITE);
}

static void flush_page(u64 at)
{
	asm volatile("invlpg (%0)" : : "r"(at) : "memory");
}

void paging_set_uncached(u64 at)
{
	struct radix_format format = own_format();

	/* start.S has made that entry */
	*radix_entry(own_root(), &format, at, 1) |= PTE_PCD | PTE_PWT;
	flush_page(at);
}

int paging_guard_null(void)
{
	struct radix_format format = own_format();
	u64 *entry = radix_entry(own_root(), &format, 0, 0);

	if (!entry)
		return -ENOMEM;
	*entry = 0;
	flush_page(0);
	return 0;
}
