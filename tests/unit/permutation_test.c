/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The permutation test: known answers, and how often it errs.
 */
#include "exit-analyzer/judge/permutation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "exit-analyzer/judge/random.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void median_of_few(void **state)
{
	uint64_t odd[] = { 9, 1, 5 }, even[] = { 4, 10, 2, 8 };
	uint64_t large[] = { UINT64_MAX, UINT64_MAX - 2 };

	(void)state;
	assert_int_equal(median_of(NULL, 0), 0);
	assert_int_equal(median_of(odd, 3), 5);
	assert_int_equal(median_of(even, 4), 6);
	assert_true(median_of(large, 2) == UINT64_MAX - 1);
}

/* One of the 20 ways to choose 3 of 6 is as extreme as this. */
static void all_ways_are_counted(void **state)
{
	static const uint64_t low[] = { 1, 2, 3 }, high[] = { 11, 12, 13 };

	(void)state;
	assert_true(fabs(permutation_p(low, 3, high, 3) - 1.0 / 20) < 1e-12);
	/* the other direction: every way is at least as extreme */
	assert_true(fabs(permutation_p(high, 3, low, 3) - 1.0) < 1e-12);
}

static void equal_sets_say_nothing(void **state)
{
	static const uint64_t same[] = { 7, 7, 7, 7, 7, 7, 7, 7 };

	(void)state;
	assert_true(permutation_p(same, 8, same, 8) == 1);
	assert_true(permutation_p(same, 0, same, 8) == 1);
	assert_true(permutation_p(same, 8, same, 0) == 1);
}

/* Ten and ten, apart: 1 of 184,756. */
static void largest_exact(void **state)
{
	uint64_t a[10], b[10];

	(void)state;
	for (uint64_t i = 0; i < 10; i++) {
		a[i] = 100 + i;
		b[i] = 200 + i;
	}
	assert_true(fabs(permutation_p(a, 10, b, 10) * 184756 - 1) < 1e-6);
}

/* As many as a run has rounds: no sample could tell how rare that is. */
static void apart_is_exact(void **state)
{
	uint64_t a[24], b[24];

	(void)state;
	for (uint64_t i = 0; i < 24; i++) {
		a[i] = 100 + i % 7;
		b[i] = 200 + i % 7;
	}
	/* 48 over 24 */
	assert_true(fabs(permutation_p(a, 24, b, 24) * 32247603683100. - 1) <
		    1e-6);
	assert_true(permutation_p(a, 24, b, 24) ==
		    permutation_p_least(24, 24));
	assert_true(permutation_p(b, 24, a, 24) > 0.5);
	/* one that touches is not apart */
	b[0] = 106;
	assert_true(permutation_p(a, 24, b, 24) > permutation_p_least(24, 24));
}

static void least_is_of_sets_apart(void **state)
{
	(void)state;
	assert_true(fabs(permutation_p_least(3, 3) - 1.0 / 20) < 1e-12);
	assert_true(permutation_p_least(0, 3) == 1);
	assert_true(permutation_p_least(PERMUTATION_MAX, 1) == 1);
}

/* Too many to count: a sample, which is the same each time. */
static void sample_repeats(void **state)
{
	uint64_t a[20], b[20];
	struct random random = { 1 };

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		a[i] = 1000 + random_below(&random, 100);
		b[i] = 1020 + random_below(&random, 100);
	}
	assert_true(permutation_p(a, 20, b, 20) ==
		    permutation_p(a, 20, b, 20));
	assert_true(permutation_p(a, 20, b, 20) > 0);
	assert_true(permutation_p(a, 20, b, 20) < 0.5);
}

static void too_many_are_refused(void **state)
{
	static uint64_t many[PERMUTATION_MAX + 1];

	(void)state;
	assert_true(permutation_p(many, PERMUTATION_MAX + 1, many, 1) == 1);
	assert_true(permutation_p(many, PERMUTATION_MAX, many, 1) == 1);
}

/* Equal distributions: p is below a tenth in about a tenth of all cases. */
static void p_is_honest(void **state)
{
	struct random random = { 2 };
	int below = 0, tries = 400;

	(void)state;
	for (int t = 0; t < tries; t++) {
		uint64_t a[7], b[7];

		for (size_t i = 0; i < 7; i++) {
			a[i] = random_below(&random, 1000000);
			b[i] = random_below(&random, 1000000);
		}
		below += permutation_p(a, 7, b, 7) < 0.1;
	}
	assert_in_range(below, tries / 20, tries * 15 / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_of_few),
		cmocka_unit_test(all_ways_are_counted),
		cmocka_unit_test(equal_sets_say_nothing),
		cmocka_unit_test(largest_exact),
		cmocka_unit_test(apart_is_exact),
		cmocka_unit_test(least_is_of_sets_apart),
		cmocka_unit_test(sample_repeats),
		cmocka_unit_test(too_many_are_refused),
		cmocka_unit_test(p_is_honest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
