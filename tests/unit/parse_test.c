/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words and numbers out of the core's command lines.
 */
/* the core's own file: no hosted library has it */
#include "vmm-core/lib/parse.c"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static void words_are_cut_off_at_blanks(void **state)
{
	char text[] = "  a=1\tbc\n  d ";
	char *cursor = text;

	(void)state;
	assert_string_equal(parse_word(&cursor), "a=1");
	assert_string_equal(parse_word(&cursor), "bc");
	assert_string_equal(parse_word(&cursor), "d");
	assert_null(parse_word(&cursor));
	assert_null(parse_word(&cursor));
}

static void no_words_in_blanks(void **state)
{
	char empty[] = "", blank[] = " \t ";
	char *cursor = empty;

	(void)state;
	assert_null(parse_word(&cursor));
	cursor = blank;
	assert_null(parse_word(&cursor));
}

static void value_needs_the_whole_name(void **state)
{
	(void)state;
	assert_string_equal(parse_value("ring=1M", "ring"), "1M");
	assert_string_equal(parse_value("ring=", "ring"), "");
	assert_null(parse_value("rings=1M", "ring"));
	assert_null(parse_value("rin=1M", "ring"));
	assert_null(parse_value("ring", "ring"));
}

static void numbers_are_whole_or_nothing(void **state)
{
	static const char *const bad[] = {
		"", "x", "0x", "1x", "12 ", "-1", "+1", "0xg", "1k",
		"18446744073709551616", "0x10000000000000000",
		"99999999999999999999999999",
	};
	u64 v = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (parse_u64(bad[i], &v) != -EINVAL)
			fail_msg("'%s' was taken for %llu", bad[i], v);
	/* and nothing was stored */
	assert_int_equal(v, 7);
}

static void numbers_in_both_bases(void **state)
{
	u64 v;

	(void)state;
	assert_int_equal(parse_u64("0", &v), 0);
	assert_int_equal(v, 0);
	assert_int_equal(parse_u64("0xFfff", &v), 0);
	assert_int_equal(v, 0xffff);
	assert_int_equal(parse_u64("18446744073709551615", &v), 0);
	assert_true(v == ~0ull);
	assert_int_equal(parse_u64("0xffffffffffffffff", &v), 0);
	assert_true(v == ~0ull);
}

static void sizes_take_a_suffix(void **state)
{
	u64 v = 7;

	(void)state;
	assert_int_equal(parse_bytes("16K", &v), 0);
	assert_int_equal(v, 16384);
	assert_int_equal(parse_bytes("3m", &v), 0);
	assert_int_equal(v, 3 << 20);
	assert_int_equal(parse_bytes("5G", &v), 0);
	assert_true(v == 5ull << 30);
	assert_int_equal(parse_bytes("4096", &v), 0);
	assert_int_equal(v, 4096);
	assert_int_equal(parse_bytes("0x10K", &v), 0);
	assert_int_equal(v, 16384);
	assert_int_equal(parse_bytes("16KB", &v), -EINVAL);
	assert_int_equal(parse_bytes("16T", &v), -EINVAL);
	assert_int_equal(parse_bytes("K", &v), -EINVAL);
	/* 2^34 G is one bit too many */
	assert_int_equal(parse_bytes("17179869184G", &v), -EINVAL);
	assert_int_equal(parse_bytes("17179869183G", &v), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_cut_off_at_blanks),
		cmocka_unit_test(no_words_in_blanks),
		cmocka_unit_test(value_needs_the_whole_name),
		cmocka_unit_test(numbers_are_whole_or_nothing),
		cmocka_unit_test(numbers_in_both_bases),
		cmocka_unit_test(sizes_take_a_suffix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
