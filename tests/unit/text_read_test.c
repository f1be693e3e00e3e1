/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files as text: every length around a step of the reader's memory and around
 * the bound, and what cannot be read.
 */
#include "exit-analyzer/result/text_read.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Reads a file of so many bytes. */
static char *read_back(size_t length, size_t bytes_max, size_t *bytes)
{
	FILE *f = tmpfile();
	char *text;

	assert_non_null(f);
	for (size_t i = 0; i < length; i++)
		putc((int)(i % 251), f);
	rewind(f);
	text = text_read(f, bytes_max, bytes);
	fclose(f);
	return text;
}

static void whole(size_t length, size_t bytes_max)
{
	size_t bytes = SIZE_MAX;
	char *text = read_back(length, bytes_max, &bytes);

	assert_non_null(text);
	assert_int_equal(bytes, length);
	for (size_t i = 0; i < length; i++)
		assert_int_equal((unsigned char)text[i], i % 251);
	assert_int_equal(text[length], 0);
	free(text);
}

static void refused(size_t length, size_t bytes_max)
{
	size_t bytes;

	errno = 0;
	assert_null(read_back(length, bytes_max, &bytes));
	assert_int_equal(errno, EFBIG);
}

static void test_lengths(void **state)
{
	(void)state;
	whole(0, 0);
	whole(0, 100);
	whole(1, 100);
	for (size_t room = FIRST_BYTES; room <= FIRST_BYTES * 4; room *= 2)
		for (size_t length = room - 1; length <= room + 1; length++)
			whole(length, 1 << 20);
}

static void test_bound(void **state)
{
	static const size_t max[] = {
		0, 100, FIRST_BYTES - 1, FIRST_BYTES, FIRST_BYTES + 1,
		FIRST_BYTES * 2,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(max) / sizeof(max[0]); i++) {
		whole(max[i], max[i]);
		refused(max[i] + 1, max[i]);
		refused(max[i] + FIRST_BYTES * 4, max[i]);
	}
}

static void test_unreadable(void **state)
{
	FILE *directory = fopen("/", "r");
	size_t bytes;

	(void)state;
	assert_non_null(directory);
	errno = 0;
	assert_null(text_read(directory, 100, &bytes));
	assert_int_equal(errno, EISDIR);
	fclose(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
