/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The builder of page tables: what a CPU that walks them would find, for
 * every format there is, after any sequence of changes.
 */
/* the core's own file: it is not part of a hosted library */
#include "vmm-core/mm/radix.c"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/random.h"

#define ADDRESS		0x000ffffffffff000ull
#define LARGE		BIT(7)
#define MIB		(1ull << 20)
#define GIB		(1ull << 30)

/* own tables with and without pages of 1 GiB, nested, and extended ones */
static const struct radix_format formats[] = {
	{ 0x1, 0x3, LARGE, ADDRESS, 4, 2 },
	{ 0x1, 0x3, LARGE, ADDRESS, 4, 1 },
	{ 0x1, 0x7, LARGE, ADDRESS, 4, 1 },
	{ 0x7, 0x7, LARGE, ADDRESS, 4, 2 },
	{ 0x7, 0x7, LARGE, ADDRESS, 5, 2 },
};

static void *made[8192];
static unsigned int made_count, made_limit;
static u64 *root;

void *mm_alloc(u64 bytes, u64 align)
{
	void *page;

	if (made_count == made_limit)
		return NULL;
	page = aligned_alloc(align, bytes);
	assert_non_null(page);
	made[made_count++] = page;
	return memset(page, 0, bytes);
}

static u64 random_below(u64 limit)
{
	return random_next() % limit;
}

static int setup(void **state)
{
	(void)state;
	made_count = 0;
	made_limit = ARRAY_SIZE(made);
	root = mm_alloc(PAGE_BYTES, PAGE_BYTES);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	while (made_count)
		free(made[--made_count]);
	return 0;
}

/* As the hardware walks: the leaf's entry; *level is its level. 0: none. */
static u64 walk(const struct radix_format *f, u64 at, unsigned int *level)
{
	const u64 *table = root;

	for (*level = f->levels - 1;; --*level) {
		u64 entry = table[at >> (12 + 9 * *level) & 511];

		if (*level == 0 || entry & f->large || !(entry & f->present))
			return entry;
		assert_int_equal(entry & ~f->address, f->table);
		table = (const u64 *)(entry & f->address);
	}
}

static u64 translate(const struct radix_format *f, u64 at, u64 *bits)
{
	unsigned int level;
	u64 entry = walk(f, at, &level);
	u64 offset = (1ull << (12 + 9 * level)) - 1;

	if (!entry)
		return ~0ull;
	if (level)
		assert_true(entry & f->large && level <= f->large_level);
	*bits = entry & ~f->address & ~(level ? f->large : 0);
	return (entry & f->address & ~offset) | (at & offset);
}

static void leaves_are_as_large_as_they_can_be(void **state)
{
	static const struct {
		u64 at, to, bytes;
		unsigned int format, level;
	} rows[] = {
		{ GIB, 5 * GIB, GIB, 0, 2 },
		{ GIB, 5 * GIB, GIB, 1, 1 },
		{ GIB, 5 * GIB, GIB, 3, 2 },
		{ GIB, 5 * GIB, GIB - PAGE_BYTES, 3, 1 },
		{ GIB, 5 * GIB + 2 * MIB, GIB, 3, 1 },
		{ 2 * MIB, 6 * MIB, 2 * MIB, 2, 1 },
		{ 2 * MIB, 6 * MIB + PAGE_BYTES, 2 * MIB, 2, 0 },
		{ 2 * MIB, 6 * MIB, MIB, 2, 0 },
		{ PAGE_BYTES, 0, 4 * MIB, 2, 0 },
		{ 1ull << 50, 0, 2 * MIB, 4, 1 },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct radix_format *f = &formats[rows[i].format];
		unsigned int level;
		u64 bits, end = rows[i].at + rows[i].bytes;

		teardown(NULL);
		setup(NULL);
		assert_int_equal(radix_map(root, f, rows[i].at, rows[i].to,
					   rows[i].bytes, 0x3), 0);
		assert_int_not_equal(walk(f, rows[i].at, &level), 0);
		assert_int_equal(level, rows[i].level);
		assert_int_equal(translate(f, end - 1, &bits),
				 rows[i].to + rows[i].bytes - 1);
		assert_int_equal(bits, 0x3);
		assert_true(translate(f, end, &bits) == ~0ull);
		assert_true(translate(f, rows[i].at - 1, &bits) == ~0ull);
	}
}

#define PAGES	(3 * 512u)	/* 6 MiB, around the border of a GiB */
#define BASE	(GIB - 2 * MIB)

/* Any changes, against a plain list of pages. */
static void any_changes_give_what_was_asked(void **state)
{
	static struct { u64 to, bits; } model[PAGES];

	(void)state;
	for (unsigned int round = 0; round < 400; round++) {
		const struct radix_format *f = &formats[round % 5];
		u64 bits;

		teardown(NULL);
		setup(NULL);
		memset(model, 0, sizeof(model));
		for (unsigned int i = 0; i < 8; i++) {
			u64 first = random_below(PAGES);
			u64 pages = 1 + random_below(PAGES - first);
			u64 to = random_below(4) * 2 * MIB + 8 * GIB;
			bool map = i == 0 || random_below(2), all = true;

			if (random_below(2)) {
				first = first / 512 * 512;
				pages = 512;
			}
			/* never twice the same, nor none */
			bits = f->present | (i & 1 ? 0x10 : 0x20);
			for (u64 n = first; n < first + pages; n++)
				all = all && model[n].to;
			for (u64 n = first; n < first + pages && (map || all); n++) {
				if (map)
					model[n].to = to + (n - first) * PAGE_BYTES;
				model[n].bits = bits;
			}
			if (map)
				assert_int_equal(radix_map(root, f,
					BASE + first * PAGE_BYTES, to,
					pages * PAGE_BYTES, bits), 0);
			else if (all)
				assert_int_equal(radix_protect(root, f,
					BASE + first * PAGE_BYTES,
					pages * PAGE_BYTES, bits), 0);
		}
		for (u64 n = 0; n < PAGES; n++) {
			u64 at = BASE + n * PAGE_BYTES;

			assert_true(translate(f, at, &bits) ==
				    (model[n].to ? model[n].to : ~0ull));
			if (model[n].to)
				assert_int_equal(bits, model[n].bits);
		}
	}
}

static void no_access_keeps_the_page(void **state)
{
	const struct radix_format *f = &formats[2];
	u64 bits;

	(void)state;
	assert_int_equal(radix_map(root, f, 0, 8 * MIB, 4 * MIB, 0x7), 0);
	assert_int_equal(radix_protect(root, f, MIB, PAGE_BYTES, 0), 0);
	assert_int_equal(translate(f, MIB, &bits), 9 * MIB);
	assert_int_equal(bits, 0);
	assert_int_equal(translate(f, MIB + PAGE_BYTES, &bits),
			 9 * MIB + PAGE_BYTES);
	assert_int_equal(bits, 0x7);
	assert_int_equal(radix_protect(root, f, 0, 4 * MIB, 0x5), 0);
	assert_int_equal(translate(f, MIB, &bits), 9 * MIB);
	assert_int_equal(bits, 0x5);
	/* not mapped at all: nothing to protect */
	assert_int_equal(radix_protect(root, f, 4 * MIB, PAGE_BYTES, 0x5),
			 -EINVAL);
}

static void an_entry_alone_splits_what_is_above(void **state)
{
	const struct radix_format *f = &formats[0];
	u64 bits, *entry;

	(void)state;
	assert_int_equal(radix_map(root, f, 0, 0, GIB, 0x3), 0);
	entry = radix_entry(root, f, 0, 0);
	assert_non_null(entry);
	*entry = 0;
	assert_true(translate(f, 0, &bits) == ~0ull);
	for (u64 at = PAGE_BYTES; at < GIB; at += PAGE_BYTES) {
		assert_int_equal(translate(f, at, &bits), at);
		assert_int_equal(bits, 0x3);
	}
	entry = radix_entry(root, f, 6 * MIB, 1);
	assert_int_equal(*entry, 6 * MIB | LARGE | 0x3);
}

static void no_memory_is_said(void **state)
{
	const struct radix_format *f = &formats[2];

	(void)state;
	for (made_limit = 1; made_limit < 4; made_limit++)
		assert_int_equal(radix_map(root, f, PAGE_BYTES, 0, PAGE_BYTES,
					   0x7), -ENOMEM);
	assert_int_equal(radix_map(root, f, PAGE_BYTES, 0, PAGE_BYTES, 0x7), 0);
	assert_null(radix_entry(root, f, GIB, 0));
	made_limit = made_count;
	assert_int_equal(radix_map(root, f, 2 * MIB, 0, 2 * MIB, 0x7), 0);
	assert_int_equal(radix_protect(root, f, 2 * MIB, PAGE_BYTES, 0x5),
			 -ENOMEM);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(leaves_are_as_large_as_they_can_be),
		TEST(any_changes_give_what_was_asked),
		TEST(no_access_keeps_the_page),
		TEST(an_entry_alone_splits_what_is_above),
		TEST(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("radix", tests, NULL, NULL);
}
