/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fast printer against printf(): the same bytes for every kind of number,
 * across the end of its buffer, and for texts that must be made safe.
 */
#include "reports/out.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/random.h"

#define NUMBERS 20000

/* Numbers of every length, and the edges of each. */
static uint64_t number_at(int i)
{
	uint64_t power = 1;

	if (i >= 60)
		return random_next() >> random_next() % 64;
	for (int digit = 0; digit < i / 3; digit++)
		power *= 10;
	return power + i % 3 - 1;
}

static void numbers_are_those_of_printf(void **state)
{
	static struct out o;
	char *got, *want;
	size_t got_bytes, want_bytes;
	FILE *to = open_memstream(&got, &got_bytes);
	FILE *reference = open_memstream(&want, &want_bytes);

	(void)state;
	out_init(&o, to);
	for (int i = 0; i < NUMBERS; i++) {
		uint64_t n = number_at(i);

		out_dec(&o, n);
		out_char(&o, ' ');
		out_hex(&o, n);
		out_text(&o, " = ");
		out_dec_padded(&o, n, 9);
		out_char(&o, '\n');
		fprintf(reference, "%" PRIu64 " 0x%" PRIx64 " = %09" PRIu64
			"\n", n, n, n);
	}
	out_flush(&o);
	fclose(to);
	fclose(reference);
	assert_int_equal(got_bytes, want_bytes);
	assert_true(want_bytes > 4 * OUT_BYTES);
	assert_memory_equal(got, want, want_bytes);
	free(got);
	free(want);
}

static void the_largest_number_fits(void **state)
{
	static struct out o;
	char *got;
	size_t bytes;
	FILE *to = open_memstream(&got, &bytes);

	(void)state;
	out_init(&o, to);
	out_dec(&o, UINT64_MAX);
	out_char(&o, ' ');
	out_hex(&o, UINT64_MAX);
	out_char(&o, ' ');
	out_dec(&o, 0);
	out_hex(&o, 0);
	out_flush(&o);
	fclose(to);
	assert_string_equal(got, "18446744073709551615 0xffffffffffffffff "
				 "00x0");
	free(got);
}

static void texts_are_made_safe(void **state)
{
	static struct out o;
	char *got;
	size_t bytes;
	FILE *to = open_memstream(&got, &bytes);

	(void)state;
	out_init(&o, to);
	for (int i = 0; i < OUT_BYTES; i++)
		out_safe_text(&o, "a\"\\\x1b\n\x7f\xc3z");
	out_flush(&o);
	fclose(to);
	assert_int_equal(bytes, 8 * OUT_BYTES);
	for (size_t i = 0; i < bytes; i++)
		assert_int_equal(got[i], "a??????z"[i % 8]);
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_those_of_printf),
		cmocka_unit_test(the_largest_number_fits),
		cmocka_unit_test(texts_are_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
