/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers, sizes and durations as typed, and words that are not.
 */
#include "command/units.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void size_is(const char *text, uint64_t expected)
{
	uint64_t bytes = 0;

	assert_int_equal(units_parse_size(text, &bytes), 0);
	assert_int_equal(bytes, expected);
}

static void duration_is(const char *text, uint64_t expected)
{
	uint64_t ns = 0;

	assert_int_equal(units_parse_duration(text, &ns), 0);
	assert_int_equal(ns, expected);
}

static void test_good(void **state)
{
	(void)state;
	size_is("1", 1);
	size_is("4K", 4096);
	size_is("256M", 256ull << 20);
	size_is("1.5G", 3ull << 29);
	size_is("2MiB", 2ull << 20);
	size_is("1T", 1ull << 40);
	duration_is("10", 10000000000ull);
	duration_is("0.5", 500000000);
	duration_is("2s", 2000000000);
	duration_is("500ms", 500000000);
	duration_is("7us", 7000);
	duration_is("3ns", 3);
	duration_is("2m", 120000000000ull);
	duration_is("1h", 3600000000000ull);
}

static void test_bad(void **state)
{
	static const char *const bad[] = { "", " ", "M", "-1", "+1", "0",
		"0.0M", "1 M", "1x", "0x10", "1e3", "inf", "nan", "1MM",
		"lots", "99999999999999999999", "9000000000T", "." };
	uint64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(units_parse_size(bad[i], &v), -EINVAL);
		assert_int_equal(units_parse_duration(bad[i], &v), -EINVAL);
	}
	assert_int_equal(units_parse_size("1m", &v), -EINVAL);
	assert_int_equal(units_parse_duration("1M", &v), -EINVAL);
}

static void test_numbers(void **state)
{
	static const char *const bad[] = { "", " 7", "-7", "+7", "0x7", "7x",
		"4", "101", "99999999999999999999" };
	uint64_t v = 1;

	(void)state;
	assert_int_equal(units_parse_number("5", 5, 100, &v), 0);
	assert_int_equal(v, 5);
	assert_int_equal(units_parse_number("100", 5, 100, &v), 0);
	assert_int_equal(v, 100);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(units_parse_number(bad[i], 5, 100, &v),
				 -EINVAL);
	assert_int_equal(v, 100);
}

static void test_percents(void **state)
{
	static const char *const bad[] = { "", "%", "-1", "nan", "inf", "0x1",
		"3%%", "3 %" };
	double v = 1;

	(void)state;
	assert_int_equal(units_parse_percent("0", &v), 0);
	assert_true(v == 0);
	assert_int_equal(units_parse_percent("2.5%", &v), 0);
	assert_true(v == 2.5);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(units_parse_percent(bad[i], &v), -EINVAL);
	assert_true(v == 2.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_percents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
