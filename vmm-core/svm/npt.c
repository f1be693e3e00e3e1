/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The nested page table: a VM's RAM, in pages of 2 MiB. What is not RAM is
 * not there, so device pages exit. APM volume 2, "Nested Paging".
 */
#include "vmm-core/svm/svm.h"

#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/vm.h"

#define NPT_PRESENT	BIT(0)
#define NPT_WRITE	BIT(1)
#define NPT_USER	BIT(2)	/* nested accesses are user accesses */
#define NPT_LARGE	BIT(7)
#define NPT_TABLE	(NPT_PRESENT | NPT_WRITE | NPT_USER)
#define NPT_ADDRESS	0x000ffffffffff000ull

/* The table below entry index of table, made if it is not there. */
static u64 *npt_next(u64 *table, unsigned int index)
{
	u64 *next;

	if (table[index] & NPT_PRESENT)
		return hva(table[index] & NPT_ADDRESS);
	next = mm_alloc(PAGE_BYTES, PAGE_BYTES);
	if (next)
		table[index] = hpa(next) | NPT_TABLE;
	return next;
}

static int npt_map(u64 *root, u64 gpa, u64 to)
{
	u64 *pdpt = npt_next(root, (gpa >> 39) & 511);
	u64 *pd = pdpt ? npt_next(pdpt, (gpa >> 30) & 511) : NULL;

	if (!pd)
		return -ENOMEM;
	pd[(gpa >> 21) & 511] = to | NPT_TABLE | NPT_LARGE;
	return 0;
}

int svm_npt_build(struct vm *vm)
{
	u64 *root = mm_alloc(PAGE_BYTES, PAGE_BYTES);

	if (!root)
		return -ENOMEM;
	for (unsigned int i = 0; i < vm->pub->extents; i++) {
		const struct anchor_extent *e = &vm->pub->extent[i];

		for (u64 at = 0; at < e->bytes; at += LARGE_PAGE_BYTES) {
			int err = npt_map(root, e->gpa + at, e->hpa + at);

			if (err)
				return err;
		}
	}
	vm->hv->n_cr3 = hpa(root);
	return 0;
}
