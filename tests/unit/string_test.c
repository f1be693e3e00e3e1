/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's string functions against the C library's.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* the core's own file, beside the library's functions */
#define memcpy	core_memcpy
#define memmove	core_memmove
#define memset	core_memset
#define memcmp	core_memcmp
#define strlen	core_strlen
#define strcmp	core_strcmp
#define strncmp	core_strncmp
#define strchr	core_strchr
#define strlcpy	core_strlcpy
#include "vmm-core/lib/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strcmp
#undef strncmp
#undef strchr

#define BYTES	200
#define ROUNDS	20000

static u8 ours[BYTES], theirs[BYTES];

static void buffers_fill(void)
{
	/* few letters, so that comparisons get far */
	for (int i = 0; i < BYTES; i++)
		ours[i] = theirs[i] = (u8)(rand() % 3);
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void memory_as_libc(void **state)
{
	(void)state;
	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = (size_t)(rand() % 80), a = (size_t)(rand() % 100);
		size_t b = (size_t)(rand() % 100);
		int c = rand();

		buffers_fill();
		assert_ptr_equal(core_memmove(ours + a, ours + b, n), ours + a);
		memmove(theirs + a, theirs + b, n);
		assert_memory_equal(ours, theirs, BYTES);
		core_memset(ours + b, c, n);
		memset(theirs + b, c, n);
		assert_memory_equal(ours, theirs, BYTES);
		assert_int_equal(core_memcmp(ours + a, ours + b, n),
				 sign(memcmp(ours + a, ours + b, n)));
		if (a + n > b && b + n > a)
			continue;
		core_memcpy(ours + a, ours + b, n);
		memcpy(theirs + a, theirs + b, n);
		assert_memory_equal(ours, theirs, BYTES);
	}
}

static void strings_as_libc(void **state)
{
	const char *a, *b;
	size_t n;

	(void)state;
	srand(2);
	for (int i = 0; i < ROUNDS; i++) {
		buffers_fill();
		ours[BYTES - 1] = 0;
		a = (const char *)ours + rand() % 100;
		b = (const char *)ours + rand() % 100;
		n = (size_t)(rand() % 8);
		assert_int_equal(core_strlen(a), strlen(a));
		assert_int_equal(core_strcmp(a, b), sign(strcmp(a, b)));
		assert_int_equal(core_strncmp(a, b, n), sign(strncmp(a, b, n)));
		assert_ptr_equal(core_strchr(a, 2), strchr(a, 2));
		assert_ptr_equal(core_strchr(a, 0), strchr(a, 0));
	}
	assert_int_equal(core_strcmp("\x80", "\x7f"), 1);
}

static void copies_what_fits(void **state)
{
	char to[4] = "zzz";

	(void)state;
	strlcpy(to, "abcdef", 0);
	assert_string_equal(to, "zzz");
	strlcpy(to, "abcdef", sizeof(to));
	assert_string_equal(to, "abc");
	strlcpy(to, "x", sizeof(to));
	assert_string_equal(to, "x");
	strlcpy(to, "abc", 1);
	assert_string_equal(to, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_as_libc),
		cmocka_unit_test(strings_as_libc),
		cmocka_unit_test(copies_what_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
