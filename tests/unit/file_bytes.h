/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of tests, as bytes in memory.
 */
#ifndef TESTS_UNIT_FILE_BYTES_H
#define TESTS_UNIT_FILE_BYTES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

struct bytes {
	size_t count;
	unsigned char *at;
};

static inline struct bytes file_load(const char *name)
{
	struct stat st;
	struct bytes b;
	FILE *f = fopen(name, "rb");

	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	b.count = (size_t)st.st_size;
	b.at = malloc(b.count + 1);
	assert_int_equal(fread(b.at, 1, b.count, f), b.count);
	fclose(f);
	return b;
}

static inline void file_save(const char *path, const void *at, size_t count)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(at, 1, count, f), count);
	assert_int_equal(fclose(f), 0);
}

#endif
