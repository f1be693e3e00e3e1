/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's formatting against the C library's, where both know a format.
 */
/* the core's own file: no hosted library has it */
#include "vmm-core/lib/vsnprintk.c"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROUNDS 200000

/* both write to a buffer of the same size; every byte of it must agree */
#define CHECK(size, ...) do {						\
	char ours[64], theirs[64];					\
	int a, b;							\
									\
	memset(ours, '~', sizeof(ours));				\
	memset(theirs, '~', sizeof(theirs));				\
	a = snprintk(ours, size, __VA_ARGS__);				\
	b = snprintf(theirs, size, __VA_ARGS__);			\
	if (a != b || memcmp(ours, theirs, sizeof(ours)))		\
		fail_msg("%d '%.60s', libc %d '%.60s'", a, ours, b,	\
			 theirs);					\
} while (0)

/* the format is made at run time */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat-truncation"

static void format_make(char *fmt, size_t size, const char *conversion)
{
	int width = rand() % 24;
	const char *flag = (const char *[]){ "", "-", "0" }[rand() % 3];

	snprintf(fmt, size, "<%%%s%.*d%s>", width ? flag : "", !!width, width,
		 conversion);
}

static unsigned long long random_bits(void)
{
	unsigned long long v = 0;

	for (int i = 0; i < 3; i++)
		v = v << 31 ^ (unsigned int)rand();
	return v >> rand() % 64;
}

static void random_numbers_as_libc(void **state)
{
	char fmt[32];

	(void)state;
	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		size_t size = (size_t)(rand() % 40);
		unsigned long long v = random_bits();

		format_make(fmt, sizeof(fmt), "llu");
		CHECK(size, fmt, v);
		format_make(fmt, sizeof(fmt), "llx");
		CHECK(size, fmt, v);
		format_make(fmt, sizeof(fmt), "lld");
		CHECK(size, fmt, (long long)v);
		format_make(fmt, sizeof(fmt), "d");
		CHECK(size, fmt, (int)v);
		format_make(fmt, sizeof(fmt), "u");
		CHECK(size, fmt, (unsigned int)v);
		format_make(fmt, sizeof(fmt), "x");
		CHECK(size, fmt, (unsigned int)v);
		format_make(fmt, sizeof(fmt), "zu");
		CHECK(size, fmt, (size_t)v);
	}
}

static void extremes_as_libc(void **state)
{
	(void)state;
	CHECK(64, "%d %d", (int)0x80000000, 0x7fffffff);
	CHECK(64, "%lld", (long long)(1ull << 63));
	CHECK(64, "%016llx %llu", ~0ull, ~0ull);
	CHECK(64, "%05d|%-5d|%5d", -12, -12, -12);
	CHECK(64, "%p", (void *)0xdeadbeef);
}

static void text_as_libc(void **state)
{
	(void)state;
	CHECK(64, "%s|%8s|%-8s|%c%c", "abc", "abc", "abc", 'x', 'y');
	CHECK(64, "100%%");
	CHECK(4, "%s", "abcdef");
	CHECK(1, "%s", "abcdef");
	CHECK(0, "%s", "abcdef");
	CHECK(64, "%s", "");
}

static void unknown_shows_as_it_stands(void **state)
{
	const char *fmt[] = { "a%qb", "a%" };
	char to[16];

	(void)state;
	assert_int_equal(snprintk(to, sizeof(to), fmt[0]), 4);
	assert_string_equal(to, "a%qb");
	assert_int_equal(snprintk(to, sizeof(to), fmt[1]), 2);
	assert_string_equal(to, "a%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_numbers_as_libc),
		cmocka_unit_test(extremes_as_libc),
		cmocka_unit_test(text_as_libc),
		cmocka_unit_test(unknown_shows_as_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
