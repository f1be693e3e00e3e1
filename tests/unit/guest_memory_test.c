/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a guest's memory: extents, page walks of 4 and 5 levels, and page
 * tables that point where they should not.
 */
#include "tracer/guest/guest_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RAM_BYTES	(4u << 20)
#define RAM_GPA		0x100000ull	/* the extent does not start at 0 */
#define PAGE		4096ull

#define PRESENT		1ull
#define WRITABLE	2ull
#define USER		4ull
#define LARGE		0x80ull
#define LARGE_PAT	0x1000ull
#define NO_EXECUTE	(1ull << 63)

#define KERNEL_GVA	0xffffffff81234000ull

struct fixture {
	uint8_t *ram;
	struct guest_memory m;
	struct guest_paging p;
	uint64_t next_page;
};

static int fixture_open(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->ram = calloc(1, RAM_BYTES);
	f->m.extents = 1;
	f->m.extent[0] = (struct guest_extent){ RAM_GPA, RAM_BYTES, f->ram };
	f->next_page = RAM_GPA;
	f->p = (struct guest_paging){
		.cr0 = 0x80050033, .cr4 = 0x6b0, .efer = 0xd01,
	};
	*state = f;
	return 0;
}

static int fixture_close(void **state)
{
	struct fixture *f = *state;

	free(f->ram);
	free(f);
	return 0;
}

static uint64_t page_new(struct fixture *f)
{
	f->next_page += PAGE;
	return f->next_page - PAGE;
}

static uint64_t *entry(struct fixture *f, uint64_t table, uint64_t gva,
		       int level)
{
	return (uint64_t *)(f->ram + (table - RAM_GPA)) +
		(gva >> (12 + 9 * (level - 1)) & 511);
}

/* Maps gva by a leaf at leaf_level; every level carries the given flags. */
static void map(struct fixture *f, int levels, uint64_t gva, uint64_t leaf,
		int leaf_level, uint64_t flags)
{
	uint64_t table;

	if (!f->p.cr3)
		f->p.cr3 = page_new(f);
	table = f->p.cr3;
	for (int level = levels; level > leaf_level; level--) {
		uint64_t *e = entry(f, table, gva, level);

		if (!*e)
			*e = page_new(f) | flags;
		table = *e & 0x000ffffffffff000ull;
	}
	*entry(f, table, gva, leaf_level) = leaf;
}

static void physical_stays_in_its_extent(void **state)
{
	struct fixture *f = *state;
	struct guest_memory none = { .extents = 0 };

	assert_ptr_equal(guest_physical(&f->m, RAM_GPA, 1), f->ram);
	assert_ptr_equal(guest_physical(&f->m, RAM_GPA, RAM_BYTES), f->ram);
	assert_ptr_equal(guest_physical(&f->m, RAM_GPA + RAM_BYTES - 8, 8),
			 f->ram + RAM_BYTES - 8);
	assert_null(guest_physical(&f->m, RAM_GPA, RAM_BYTES + 1));
	assert_null(guest_physical(&f->m, RAM_GPA + RAM_BYTES - 8, 9));
	assert_null(guest_physical(&f->m, RAM_GPA + RAM_BYTES, 0));
	assert_null(guest_physical(&f->m, RAM_GPA - 1, 1));
	assert_null(guest_physical(&f->m, RAM_GPA + 8, SIZE_MAX));
	assert_null(guest_physical(&f->m, ~0ull, 1));
	assert_null(guest_physical(&none, RAM_GPA, 1));
}

static void extents_do_not_join(void **state)
{
	struct fixture *f = *state;

	f->m.extents = 2;
	f->m.extent[1] = (struct guest_extent){
		RAM_GPA + RAM_BYTES, PAGE, f->ram,
	};
	assert_ptr_equal(guest_physical(&f->m, RAM_GPA + RAM_BYTES, PAGE),
			 f->ram);
	assert_null(guest_physical(&f->m, RAM_GPA + RAM_BYTES - 1, 2));
}

static void four_level_walk_finds_a_page(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;

	map(f, 4, KERNEL_GVA, 0x200000 | PRESENT, 1, PRESENT);
	assert_true(guest_walk(&f->m, &f->p, KERNEL_GVA + 0x123, &leaf));
	assert_int_equal(leaf.gva, KERNEL_GVA);
	assert_int_equal(leaf.gpa, 0x200000);
	assert_int_equal(leaf.bytes, PAGE);
	assert_false(leaf.writable);
	assert_false(leaf.user);
	assert_false(leaf.no_execute);
}

static void five_level_walk_finds_a_page(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;
	uint64_t gva = 0xff11000000234000ull;	/* needs 57 bits */

	f->p.cr4 |= 1u << 12;
	map(f, 5, gva, 0x200000 | PRESENT, 1, PRESENT);
	assert_true(guest_walk(&f->m, &f->p, gva, &leaf));
	assert_int_equal(leaf.gpa, 0x200000);
	f->p.cr4 &= ~(1ull << 12);
	assert_false(guest_walk(&f->m, &f->p, gva, &leaf));
	assert_int_equal(leaf.bytes, 0);	/* not canonical now */
}

static void large_pages_ignore_their_low_bits(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;

	map(f, 4, KERNEL_GVA, 0x200000 | LARGE_PAT | LARGE | PRESENT, 2,
	    PRESENT);
	assert_true(guest_walk(&f->m, &f->p, KERNEL_GVA, &leaf));
	assert_int_equal(leaf.bytes, 2u << 20);
	assert_int_equal(leaf.gva, KERNEL_GVA & ~0x1fffffull);
	assert_int_equal(leaf.gpa, 0x200000);

	map(f, 4, 0x40000000, 0x80000000 | LARGE | PRESENT, 3, PRESENT);
	assert_true(guest_walk(&f->m, &f->p, 0x7fffffff, &leaf));
	assert_int_equal(leaf.bytes, 1u << 30);
	assert_int_equal(leaf.gpa, 0x80000000);
}

static void permissions_are_those_of_all_levels(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;
	uint64_t all = PRESENT | WRITABLE | USER;

	map(f, 4, 0x1000, 0x200000 | all, 1, all);
	assert_true(guest_walk(&f->m, &f->p, 0x1000, &leaf));
	assert_true(leaf.writable && leaf.user && !leaf.no_execute);

	*entry(f, f->p.cr3, 0x1000, 4) &= ~WRITABLE;
	assert_true(guest_walk(&f->m, &f->p, 0x1000, &leaf));
	assert_true(!leaf.writable && leaf.user && !leaf.no_execute);

	*entry(f, f->p.cr3, 0x1000, 4) |= NO_EXECUTE;
	*entry(f, f->p.cr3, 0x1000, 4) &= ~USER;
	assert_true(guest_walk(&f->m, &f->p, 0x1000, &leaf));
	assert_true(!leaf.writable && !leaf.user && leaf.no_execute);
}

static void holes_are_told_by_their_level(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;

	map(f, 4, KERNEL_GVA, 0x200000 | PRESENT, 1, PRESENT);
	assert_false(guest_walk(&f->m, &f->p, KERNEL_GVA + PAGE, &leaf));
	assert_int_equal(leaf.gva, KERNEL_GVA + PAGE);
	assert_int_equal(leaf.bytes, PAGE);
	assert_false(guest_walk(&f->m, &f->p, KERNEL_GVA + (2u << 20), &leaf));
	assert_int_equal(leaf.bytes, 2u << 20);
	assert_int_equal(leaf.gva, (KERNEL_GVA + (2u << 20)) & ~0x1fffffull);
	assert_false(guest_walk(&f->m, &f->p, 0, &leaf));
	assert_int_equal(leaf.bytes, 1ull << 39);
}

static void no_long_mode_is_no_mapping(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;
	struct guest_paging p;

	map(f, 4, KERNEL_GVA, 0x200000 | PRESENT, 1, PRESENT);
	p = f->p;
	p.cr0 &= ~(1ull << 31);
	assert_false(guest_walk(&f->m, &p, KERNEL_GVA, &leaf));
	assert_int_equal(leaf.bytes, 0);
	p = f->p;
	p.efer &= ~(1ull << 10);
	assert_false(guest_walk(&f->m, &p, KERNEL_GVA, &leaf));
	assert_int_equal(leaf.bytes, 0);
	assert_false(guest_walk(&f->m, &f->p, 1ull << 63, &leaf));
	assert_int_equal(leaf.bytes, 0);
}

static void pcid_is_not_part_of_the_root(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;

	map(f, 4, KERNEL_GVA, 0x200000 | PRESENT, 1, PRESENT);
	f->p.cr3 |= 0x8000000000000801ull;
	assert_true(guest_walk(&f->m, &f->p, KERNEL_GVA, &leaf));
}

static void reads_go_through_scattered_pages(void **state)
{
	struct fixture *f = *state;
	uint64_t gva = KERNEL_GVA;
	char got[3 * PAGE];

	map(f, 4, gva, 0x300000 | PRESENT, 1, PRESENT);
	map(f, 4, gva + PAGE, 0x280000 | PRESENT, 1, PRESENT);
	memset(f->ram + 0x300000 - RAM_GPA, 'a', PAGE);
	memset(f->ram + 0x280000 - RAM_GPA, 'b', PAGE);
	assert_int_equal(guest_read_virtual(&f->m, &f->p, gva + 4090, got, 12),
			 12);
	assert_memory_equal(got, "aaaaaabbbbbb", 12);
	/* short at the first hole */
	assert_int_equal(guest_read_virtual(&f->m, &f->p, gva, got,
					    sizeof(got)), 2 * PAGE);
	assert_int_equal(guest_read_virtual(&f->m, &f->p, gva - 1, got, 9), 0);
	assert_int_equal(guest_read_virtual(&f->m, &f->p, gva, got, 0), 0);
}

static void reads_end_where_ram_ends(void **state)
{
	struct fixture *f = *state;
	uint64_t last = (RAM_GPA + RAM_BYTES - 1) & ~0x1fffffull;
	static char got[4u << 20];

	/* half of this large page lies behind the RAM */
	map(f, 4, 0x200000, last | LARGE | PRESENT, 2, PRESENT);
	assert_int_equal(guest_read_virtual(&f->m, &f->p, 0x200000, got,
					    sizeof(got)),
			 RAM_GPA + RAM_BYTES - last);
	map(f, 4, 0x400000, 0x7ffffffff000ull | PRESENT, 1, PRESENT);
	assert_int_equal(guest_read_virtual(&f->m, &f->p, 0x400000, got, 8), 0);
}

static void reads_end_with_the_address_space(void **state)
{
	struct fixture *f = *state;
	char got[64];

	map(f, 4, ~0xfffull, 0x200000 | PRESENT, 1, PRESENT);
	map(f, 4, 0, 0x200000 | PRESENT, 1, PRESENT);
	assert_int_equal(guest_read_virtual(&f->m, &f->p, -16ull, got,
					    sizeof(got)), 16);
}

/* Tables that are their own tables: a walk is as deep as there are levels. */
static void cyclic_tables_end(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;
	uint64_t root = page_new(f);
	static char got[1u << 20];

	for (int i = 0; i < 512; i++)
		((uint64_t *)(f->ram + (root - RAM_GPA)))[i] =
			root | PRESENT | WRITABLE;
	f->p.cr3 = root;
	assert_true(guest_walk(&f->m, &f->p, KERNEL_GVA, &leaf));
	assert_int_equal(leaf.gpa, root);
	f->p.cr4 |= 1u << 12;
	assert_true(guest_walk(&f->m, &f->p, KERNEL_GVA, &leaf));
	assert_int_equal(guest_read_virtual(&f->m, &f->p, KERNEL_GVA, got,
					    sizeof(got)), sizeof(got));
}

static void tables_outside_ram_are_absent(void **state)
{
	struct fixture *f = *state;
	struct guest_mapping leaf;

	f->p.cr3 = RAM_GPA + RAM_BYTES;
	assert_false(guest_walk(&f->m, &f->p, 0, &leaf));
	f->p.cr3 = 0x000ffffffffff000ull;
	assert_false(guest_walk(&f->m, &f->p, ~0ull, &leaf));
	f->p.cr3 = page_new(f);
	*entry(f, f->p.cr3, 0, 4) = 0x000ffffffffff000ull | PRESENT;
	assert_false(guest_walk(&f->m, &f->p, 0, &leaf));
	assert_int_equal(leaf.bytes, 1u << 30);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(physical_stays_in_its_extent),
		TEST(extents_do_not_join),
		TEST(four_level_walk_finds_a_page),
		TEST(five_level_walk_finds_a_page),
		TEST(large_pages_ignore_their_low_bits),
		TEST(permissions_are_those_of_all_levels),
		TEST(holes_are_told_by_their_level),
		TEST(no_long_mode_is_no_mapping),
		TEST(pcid_is_not_part_of_the_root),
		TEST(reads_go_through_scattered_pages),
		TEST(reads_end_where_ram_ends),
		TEST(reads_end_with_the_address_space),
		TEST(cyclic_tables_end),
		TEST(tables_outside_ram_are_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
