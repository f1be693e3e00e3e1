/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's walks of guest page tables, and its memory of where code was:
 * a translation that changed, at any level, must be noticed.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/exit/guest_access.c"
#include "vmm-core/exit/insn.c"
#include "vmm-core/exit/insn_fetch.c"

#define EFER_LONG	(BIT(8) | BIT(10))
#define RW		(PTE_PRESENT | PTE_WRITE)
#define RWU		(RW | PTE_USER)
#define GVA		0xffffffff81234567ull
#define CODE		0x300000ull	/* gpa of the page that GVA is on */
#define OPCODE_RDMSR	0x320f

static struct vcpu *vcpu;
static struct anchor_vcpu pub;

void vcpu_completed(struct vcpu *v)
{
	(void)v;
	fail();
}

static u64 *table(u64 gpa)
{
	return vm_memory(&test_vm, gpa, 4096);
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	test_ram_init();
	memset(&pub, 0, sizeof(pub));
	vcpu = &test_vcpu[0];
	vcpu->pub = &pub;
	pub.cr0 = CR0_PG | CR0_WP | 1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	test_ram_free();
	return 0;
}

/* Tables at 1 MiB, one page each, root first; returns the leaf entry. */
static u64 *map(unsigned int levels, u64 gva, u64 to)
{
	u64 at = 0x100000;
	unsigned int shift = 12 + 9 * (levels - 1);

	pub.efer = EFER_LONG;
	pub.cr3 = at;
	pub.cr4 = CR4_PAE | (levels == 5 ? CR4_LA57 : 0);
	for (; shift > 12; shift -= 9, at += 4096)
		table(at)[(gva >> shift) & 511] = (at + 4096) | RWU;
	table(at)[(gva >> 12) & 511] = to | RWU;
	return &table(at)[(gva >> 12) & 511];
}

static void check(u64 gva, u32 access, u64 gpa, u32 error)
{
	u32 got = 0;

	assert_int_equal(guest_translate(vcpu, gva, access, &got, NULL), gpa);
	if (gpa == ~0ull)
		assert_int_equal(got, error);
}

static void four_and_five_levels_are_walked(void **state)
{
	(void)state;
	map(4, GVA, CODE);
	check(GVA, 0, CODE | 0x567, 0);
	check(GVA + 4096, 0, ~0ull, 0);
	map(5, GVA, CODE + 4096);
	check(GVA, 0, (CODE + 4096) | 0x567, 0);
}

static void large_pages_end_the_walk(void **state)
{
	u64 *pd = table(0x102000), *pdpt = table(0x101000);

	(void)state;
	map(4, GVA, CODE);
	pd[(GVA >> 21) & 511] = 0x1400000 | 0x1000 /* PAT */ | RWU | PTE_LARGE;
	check(GVA, 0, 0x1400000 | (GVA & 0x1fffff), 0);
	pdpt[(GVA >> 30) & 511] = 0x40000000 | RWU | PTE_LARGE;
	check(GVA, 0, 0x40000000 | (GVA & 0x3fffffff), 0);
}

static void legacy_tables_are_walked(void **state)
{
	u32 *pd = (u32 *)table(0x100000), *pt = (u32 *)table(0x101000);

	(void)state;
	pub.cr3 = 0x100000;
	pd[0x80345678u >> 22] = 0x101000 | RWU;
	pt[(0x80345678u >> 12) & 1023] = CODE | RWU;
	check(0x80345678, 0, CODE | 0x678, 0);
	pub.cr4 = CR4_PSE;
	pd[0x80345678u >> 22] = 0x800000 | RWU | PTE_LARGE;
	check(0x80345678, 0, 0x800000 | (0x80345678 & 0x3fffff), 0);
	/* without PSE that bit means nothing, and this is not a table */
	pub.cr4 = 0;
	check(0x80345678, ACCESS_WRITE, ~0ull, ACCESS_WRITE);
}

static void pae_tables_are_walked(void **state)
{
	(void)state;
	pub.cr4 = CR4_PAE;
	pub.cr3 = 0x100020;	/* 32-byte aligned is enough */
	/* the top level has no permissions of its own */
	table(0x100000)[4 + 2] = 0x101000 | PTE_PRESENT;
	table(0x101000)[(0x80345678u >> 21) & 511] = 0x102000 | RWU;
	table(0x102000)[(0x80345678u >> 12) & 511] = CODE | RWU;
	check(0x80345678, ACCESS_WRITE | ACCESS_USER, CODE | 0x678, 0);
}

static void without_paging_addresses_are_physical(void **state)
{
	(void)state;
	pub.cr0 = 1;
	check(0x1234, 0, 0x1234, 0);
}

static void permissions_of_all_levels_count(void **state)
{
	u64 *leaf = map(4, GVA, CODE), *top = &table(0x100000)[511];

	(void)state;
	check(GVA, ACCESS_WRITE | ACCESS_USER, CODE | 0x567, 0);
	*leaf &= ~PTE_WRITE;
	check(GVA, ACCESS_WRITE, ~0ull, ACCESS_WRITE | PF_PRESENT);
	check(GVA, ACCESS_USER, CODE | 0x567, 0);
	*top &= ~PTE_USER;
	check(GVA, ACCESS_USER, ~0ull, ACCESS_USER | PF_PRESENT);
	/* what the CPU ran needs no leave */
	check(GVA, ACCESS_FETCH, CODE | 0x567, 0);
}

/* CR0.WP binds the kernel to read-only pages, and never lets users off. */
static void write_protection_is_the_kernels_choice(void **state)
{
	u64 *leaf = map(4, GVA, CODE);

	(void)state;
	*leaf &= ~PTE_WRITE;
	pub.cr0 &= ~CR0_WP;
	check(GVA, ACCESS_WRITE, CODE | 0x567, 0);
	check(GVA, ACCESS_WRITE | ACCESS_USER, ~0ull,
	      ACCESS_WRITE | ACCESS_USER | PF_PRESENT);
}

static void smap_keeps_the_kernel_out(void **state)
{
	u64 *leaf = map(4, GVA, CODE);

	(void)state;
	pub.cr4 |= CR4_SMAP;
	check(GVA, 0, ~0ull, PF_PRESENT);
	check(GVA, ACCESS_USER, CODE | 0x567, 0);
	vcpu->rflags |= RFLAGS_AC;
	check(GVA, 0, CODE | 0x567, 0);
	vcpu->rflags = 0;
	*leaf &= ~PTE_USER;
	check(GVA, 0, CODE | 0x567, 0);
}

static void entries_are_marked_as_they_are_used(void **state)
{
	u64 *leaf = map(4, GVA, CODE), *top = &table(0x100000)[511];

	(void)state;
	check(GVA, ACCESS_FETCH, CODE | 0x567, 0);
	assert_false((*leaf | *top) & PTE_ACCESSED);
	check(GVA, 0, CODE | 0x567, 0);
	assert_true(*leaf & *top & PTE_ACCESSED);
	assert_false(*leaf & PTE_DIRTY);
	check(GVA, ACCESS_WRITE, CODE | 0x567, 0);
	assert_true(*leaf & PTE_DIRTY);
	assert_false(*top & PTE_DIRTY);
	*leaf = CODE | PTE_PRESENT | PTE_USER;
	check(GVA, ACCESS_WRITE, ~0ull, ACCESS_WRITE | PF_PRESENT);
	assert_false(*leaf & PTE_DIRTY);
}

static void tables_outside_ram_are_faults(void **state)
{
	(void)state;
	map(4, GVA, CODE);
	table(0x101000)[(GVA >> 30) & 511] = (1ull << 40) | RWU;
	check(GVA, 0, ~0ull, 0);
	pub.cr3 = 0xffffffffff000ull;
	check(GVA, 0, ~0ull, 0);
}

static bool skips(u64 rip)
{
	struct exit_info exit = { .rip = rip };

	vcpu->rip = rip;
	vcpu->code_bits = 64;
	if (!insn_skip(vcpu, &exit, OPCODE_RDMSR, 2))
		return false;
	assert_int_equal(vcpu->rip, rip + exit.insn_len);
	return true;
}

static void put_code(u64 gpa, const char *bytes, size_t n)
{
	memcpy(vm_memory(&test_vm, gpa, n), bytes, n);
}

static void prefixes_count_into_the_length(void **state)
{
	struct exit_info exit = { 0 };

	(void)state;
	map(4, GVA, CODE);
	put_code(CODE | 0x567, "\x66\x2e\x48\x0f\x32", 5);
	vcpu->rip = GVA;
	vcpu->code_bits = 64;
	assert_true(insn_skip(vcpu, &exit, OPCODE_RDMSR, 2));
	assert_int_equal(exit.insn_len, 5);
	put_code(CODE | 0x567, "\x90", 1);
	assert_false(skips(GVA));
}

static void instructions_cross_pages(void **state)
{
	u64 last = GVA | 0xfff;
	u64 *leaf = map(4, GVA, CODE);

	(void)state;
	leaf[1] = (CODE + 0x10000) | RWU;
	put_code(CODE | 0xfff, "\x0f", 1);
	put_code(CODE + 0x10000, "\x32", 1);
	assert_true(skips(last));
	leaf[1] = 0;
	assert_false(skips(last));
}

/* Another page with other code, put in place at each level in turn. */
static void a_change_at_any_level_is_seen(void **state)
{
	unsigned int level;

	(void)state;
	for (level = 0; level < 5; level++) {
		u64 at = 0x100000 + level * 4096;
		unsigned int shift = 48 - 9 * level;
		u64 *entry = &table(at)[(GVA >> shift) & 511];
		u64 old;

		map(5, GVA, CODE);
		put_code(CODE | 0x567, "\x0f\x32", 2);
		assert_true(skips(GVA));
		assert_true(skips(GVA));
		/* this level now leads into a page of zeroes */
		old = *entry;
		*entry = (level == 4 ? 0x500000 : 0x600000) | RWU;
		assert_false(skips(GVA));
		*entry = old;
		assert_true(skips(GVA));
	}
}

static void another_address_space_is_another_page(void **state)
{
	(void)state;
	map(4, GVA, CODE);
	put_code(CODE | 0x567, "\x0f\x32", 2);
	assert_true(skips(GVA));
	pub.cr3 = 0x700000;	/* no tables there */
	assert_false(skips(GVA));
	pub.cr3 = 0x100000;
	assert_true(skips(GVA));
	/* the same tables, but read with five levels */
	pub.cr4 |= CR4_LA57;
	assert_false(skips(GVA));
}

static void code_that_changes_is_read_anew(void **state)
{
	(void)state;
	map(4, GVA, CODE);
	put_code(CODE | 0x567, "\x0f\x32", 2);
	assert_true(skips(GVA));
	put_code(CODE | 0x567, "\x0f\x30", 2);
	assert_false(skips(GVA));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(four_and_five_levels_are_walked),
		TEST(large_pages_end_the_walk),
		TEST(legacy_tables_are_walked),
		TEST(pae_tables_are_walked),
		TEST(without_paging_addresses_are_physical),
		TEST(permissions_of_all_levels_count),
		TEST(write_protection_is_the_kernels_choice),
		TEST(smap_keeps_the_kernel_out),
		TEST(entries_are_marked_as_they_are_used),
		TEST(tables_outside_ram_are_faults),
		TEST(prefixes_count_into_the_length),
		TEST(instructions_cross_pages),
		TEST(a_change_at_any_level_is_seen),
		TEST(another_address_space_is_another_page),
		TEST(code_that_changes_is_read_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
