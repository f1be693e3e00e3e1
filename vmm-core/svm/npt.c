/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The nested page table of a VM. What is not mapped exits, as device pages
 * do. Pages are of 2 MiB; where a smaller part is to differ, one is split
 * into 4 KiB. AMD64 Architecture Programmer's Manual, volume 2, "Nested
 * Paging".
 */
#include "vmm-core/svm/svm.h"

#include "vmm-core/mm/mm.h"

#define NPT_PRESENT	BIT(0)
#define NPT_WRITE	BIT(1)
#define NPT_USER	BIT(2)	/* nested accesses are user accesses */
#define NPT_LARGE	BIT(7)
#define NPT_NO_FETCH	BIT(63)
#define NPT_TABLE	(NPT_PRESENT | NPT_WRITE | NPT_USER)
#define NPT_ADDRESS	0x000ffffffffff000ull
#define NPT_ENTRIES	512

static u64 npt_entry(u64 to, u32 access)
{
	if (!access)
		return to;
	return to | NPT_PRESENT | NPT_USER |
	       (access & MAP_WRITE ? NPT_WRITE : 0) |
	       (access & MAP_FETCH ? 0 : NPT_NO_FETCH);
}

static unsigned int npt_index(u64 gpa, unsigned int shift)
{
	return (gpa >> shift) & (NPT_ENTRIES - 1);
}

/* The table that an entry leads to, made if there is none. NULL: no memory. */
static u64 *npt_next(u64 *entry)
{
	u64 *next;

	if (*entry & NPT_PRESENT)
		return hva(*entry & NPT_ADDRESS);
	next = mm_alloc(PAGE_BYTES, PAGE_BYTES);
	if (next)
		*entry = hpa(next) | NPT_TABLE;
	return next;
}

/* A large page, mapped or not, as a table of small ones. */
static u64 *npt_split(u64 *entry)
{
	u64 *table = mm_alloc(PAGE_BYTES, PAGE_BYTES), large = *entry;

	if (!table)
		return NULL;
	for (unsigned int i = 0; large && i < NPT_ENTRIES; i++)
		table[i] = (large & ~NPT_LARGE) + i * PAGE_BYTES;
	*entry = hpa(table) | NPT_TABLE;
	return table;
}

static u64 *npt_directory(struct vm *vm, u64 gpa)
{
	u64 *table = npt_next(&svm_vm(vm)->npt[npt_index(gpa, 39)]);

	return table ? npt_next(&table[npt_index(gpa, 30)]) : NULL;
}

static bool npt_is_table(u64 entry)
{
	return entry & NPT_PRESENT && !(entry & NPT_LARGE);
}

/* The entry of gpa; *bytes is what is left to do, then what it covers. */
static u64 *npt_walk(struct vm *vm, u64 gpa, u64 *bytes)
{
	u64 *table = npt_directory(vm, gpa), *entry;

	if (!table)
		return NULL;
	entry = &table[npt_index(gpa, 21)];
	if (!npt_is_table(*entry) && !(gpa % LARGE_PAGE_BYTES) &&
	    *bytes >= LARGE_PAGE_BYTES) {
		*bytes = LARGE_PAGE_BYTES;
		return entry;
	}
	table = npt_is_table(*entry) ? hva(*entry & NPT_ADDRESS) :
				       npt_split(entry);
	*bytes = PAGE_BYTES;
	return table ? &table[npt_index(gpa, 12)] : NULL;
}

int svm_npt_map(struct vm *vm, u64 gpa, u64 to, u64 bytes, u32 access)
{
	for (u64 at = 0, step; at < bytes; at += step) {
		u64 *entry;

		step = to % LARGE_PAGE_BYTES == gpa % LARGE_PAGE_BYTES ?
			       bytes - at : PAGE_BYTES;
		entry = npt_walk(vm, gpa + at, &step);
		if (!entry)
			return -ENOMEM;
		*entry = npt_entry(to + at, access) |
			 (step == LARGE_PAGE_BYTES ? NPT_LARGE : 0);
	}
	return 0;
}

int svm_npt_protect(struct vm *vm, u64 gpa, u64 bytes, u32 access)
{
	for (u64 at = 0, step; at < bytes; at += step) {
		u64 *entry;

		step = bytes - at;
		entry = npt_walk(vm, gpa + at, &step);
		if (!entry)
			return -ENOMEM;
		/* without access an entry still knows its page */
		if (!*entry)
			return -EINVAL;
		*entry = npt_entry(*entry & NPT_ADDRESS, access) |
			 (step == LARGE_PAGE_BYTES ? NPT_LARGE : 0);
	}
	return 0;
}
