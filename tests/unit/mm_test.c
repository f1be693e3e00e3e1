/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's memory pool: what it hands out is free memory, aligned, and
 * handed out once.
 */
/* the core's own file: no hosted library has it */
#include "vmm-core/mm/mm.c"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define MIB (1ull << 20)

static jmp_buf refused;

void refuse(const char *fmt, ...)
{
	(void)fmt;
	longjmp(refused, 1);
}

static int pool_clear(void **state)
{
	(void)state;
	regions_count = 0;
	return 0;
}

static void pages_are_whole_and_counted_once(void **state)
{
	(void)state;
	mm_add(MIB + 1, 2 * MIB + 1);
	assert_int_equal(mm_free_bytes(), MIB - PAGE_BYTES);
	/* overlaps, as firmware's maps may */
	mm_add(MIB, 3 * MIB);
	assert_int_equal(mm_free_bytes(), 2 * MIB);
	mm_add(5 * MIB, 5 * MIB + 100);
	assert_int_equal(mm_free_bytes(), 2 * MIB);
}

static void reserved_is_never_given(void **state)
{
	u64 at;

	(void)state;
	mm_add(16 * MIB, 32 * MIB);
	mm_reserve(20 * MIB + 5, 20 * MIB + 6);
	mm_reserve(31 * MIB, 64 * MIB);
	mm_reserve(0, 17 * MIB);
	assert_int_equal(mm_free_bytes(), 14 * MIB - PAGE_BYTES);
	while ((at = hpa(mm_alloc_uncleared(PAGE_BYTES, PAGE_BYTES)))) {
		assert_true(at >= 17 * MIB && at < 31 * MIB);
		assert_true(at != 20 * MIB);
	}
	assert_int_equal(mm_free_bytes(), 0);
}

static void top_first_and_aligned(void **state)
{
	(void)state;
	mm_add(1 * MIB, 8 * MIB - PAGE_BYTES);
	mm_add(64 * MIB, 65 * MIB);
	assert_int_equal(hpa(mm_alloc_uncleared(1, PAGE_BYTES)),
			 65 * MIB - PAGE_BYTES);
	/* too large for the upper region */
	assert_int_equal(hpa(mm_alloc_uncleared(2 * MIB, LARGE_PAGE_BYTES)),
			 4 * MIB);
	assert_null(mm_alloc_uncleared(5 * MIB, PAGE_BYTES));
	assert_null(mm_alloc_uncleared(0, PAGE_BYTES));
	assert_null(mm_alloc_uncleared(~0ull, PAGE_BYTES));
	assert_null(mm_alloc_uncleared(~0ull - PAGE_BYTES, PAGE_BYTES));
}

static void random_blocks_never_overlap(void **state)
{
	enum { PAGES = 4096 };
	static u8 used[PAGES];
	u64 base = 256 * MIB, start, pages;
	void *p;

	(void)state;
	srand(1);
	mm_add(base, base + PAGES * PAGE_BYTES);
	/* each may leave two more holes, and there is an end to those */
	for (int i = 0; i < 2000 && regions_count < REGIONS_MAX - 2; i++) {
		u64 align = PAGE_BYTES << rand() % 6;

		pages = 1 + (u64)rand() % 16;
		p = mm_alloc_uncleared(pages * PAGE_BYTES, align);
		if (!p)
			continue;
		assert_int_equal(hpa(p) & (align - 1), 0);
		start = (hpa(p) - base) / PAGE_BYTES;
		assert_true(start + pages <= PAGES);
		for (u64 n = start; n < start + pages; n++)
			assert_int_equal(used[n]++, 0);
	}
	/* what is left is counted right */
	pages = 0;
	for (int n = 0; n < PAGES; n++)
		pages += !used[n];
	assert_int_equal(mm_free_bytes(), pages * PAGE_BYTES);
}

static void cleared_unless_asked_not_to(void **state)
{
	u8 *memory = aligned_alloc(PAGE_BYTES, 2 * PAGE_BYTES);
	u8 *p;

	(void)state;
	memset(memory, 0xa5, 2 * PAGE_BYTES);
	mm_add(hpa(memory), hpa(memory) + 2 * PAGE_BYTES);
	p = mm_alloc(PAGE_BYTES, PAGE_BYTES);
	for (unsigned int i = 0; i < PAGE_BYTES; i++)
		assert_int_equal(p[i], 0);
	p = mm_alloc_uncleared(PAGE_BYTES, PAGE_BYTES);
	assert_int_equal(p[0], 0xa5);
	free(memory);
}

static void too_many_holes_are_refused(void **state)
{
	(void)state;
	mm_add(0x1000, 4096 * MIB);
	if (!setjmp(refused)) {
		for (u64 at = MIB; at < 4096 * MIB; at += MIB)
			mm_reserve(at, at + 1);
		fail_msg("a map of 4095 holes was taken");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(pages_are_whole_and_counted_once,
				       pool_clear),
		cmocka_unit_test_setup(reserved_is_never_given, pool_clear),
		cmocka_unit_test_setup(top_first_and_aligned, pool_clear),
		cmocka_unit_test_setup(random_blocks_never_overlap, pool_clear),
		cmocka_unit_test_setup(cleared_unless_asked_not_to, pool_clear),
		cmocka_unit_test_setup(too_many_holes_are_refused, pool_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
