/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The nested page table of a VM: what its entries mean. Device pages are not
 * mapped, so that they exit. AMD64 Architecture Programmer's Manual, volume
 * 2, "Nested Paging".
 */
#include "vmm-core/svm/svm.h"

#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/mm/radix.h"

static const struct radix_format npt_format = {
	.present = PTE_PRESENT,
	.table = PTE_PRESENT | PTE_WRITE | PTE_USER,
	.large = PTE_LARGE,
	.address = 0x000ffffffffff000ull,
	.levels = 4,
	.large_level = 1,
};

static u64 npt_bits(u32 access)
{
	if (!access)
		return 0;
	return PTE_PRESENT | PTE_USER |
	       (access & MAP_WRITE ? PTE_WRITE : 0) |
	       (access & MAP_FETCH ? 0 : PTE_NO_FETCH);
}

int svm_npt_map(struct vm *vm, u64 gpa, u64 to, u64 bytes, u32 access)
{
	return radix_map(svm_vm(vm)->npt, &npt_format, gpa, to, bytes,
			 npt_bits(access));
}

int svm_npt_protect(struct vm *vm, u64 gpa, u64 bytes, u32 access)
{
	return radix_protect(svm_vm(vm)->npt, &npt_format, gpa, bytes,
			     npt_bits(access));
}
