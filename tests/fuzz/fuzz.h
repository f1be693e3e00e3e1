/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared by the fuzz targets.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* keeps what fuzz_touch() read from being optimised away */
static volatile unsigned int fuzz_sum;

/* Reads every byte, so that the sanitizer sees if one is not ours. */
static inline unsigned int fuzz_touch(const void *from, size_t bytes)
{
	const unsigned char *byte = from;
	unsigned int sum = 0;

	while (bytes-- > 0)
		sum += *byte++;
	return sum;
}

#endif
