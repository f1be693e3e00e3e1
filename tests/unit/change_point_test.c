/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Change points: where a series changed, and that noise does not count as a change.
 */
#include "exit-analyzer/judge/change_point.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "exit-analyzer/judge/permutation.h"
#include "exit-analyzer/judge/random.h"

static void exact_steps(void **state)
{
	static const struct {
		uint64_t value[6];
		size_t count, at;
	} cases[] = {
		{ { 0 }, 0, 0 },
		{ { 5 }, 1, 0 },
		{ { 5, 5, 5 }, 3, 0 },
		{ { 5, 6 }, 2, 1 },
		{ { 5, 5, 5, 6, 6, 6 }, 6, 3 },
		{ { 5, 5, 5, 5, 5, 6 }, 6, 5 },
		{ { 9, 1, 1, 1, 1, 1 }, 6, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct change_point c = change_point_find(cases[i].value,
							  cases[i].count, true);

		assert_int_equal(c.at, cases[i].at);
	}
}

static void noise_and_a_step(void **state)
{
	struct random random = { 1 };
	uint64_t value[40];
	struct change_point c;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		value[i] = 1000 + random_below(&random, 50);
	c = change_point_find(value, 40, false);
	assert_true(c.p >= 0.01);
	for (size_t i = 25; i < 40; i++)
		value[i] += 100;
	c = change_point_find(value, 40, false);
	assert_int_equal(c.at, 25);
	assert_true(c.p < 0.01);
	assert_true(c.after > c.before + 50);
}

/* The end of a long series counts, and positions are those of the whole. */
static void long_series(void **state)
{
	static uint64_t value[PERMUTATION_MAX + 100];
	size_t count = PERMUTATION_MAX + 100;
	struct change_point c;

	(void)state;
	for (size_t i = 0; i < count; i++)
		value[i] = i < count - 10 ? 7 : 8;
	c = change_point_find(value, count, true);
	assert_int_equal(c.at, count - 10);
	assert_int_equal(c.before, 7);
	assert_int_equal(c.after, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_steps),
		cmocka_unit_test(noise_and_a_step),
		cmocka_unit_test(long_series),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
