/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a file of unknown length.
 */
#include "exit-analyzer/result/text_read.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_BYTES (1 << 16)

char *text_read(FILE *from, size_t bytes_max, size_t *bytes)
{
	size_t room = 0, n = 0;
	char *text = NULL, *more;

	do {
		room = room ? room * 2 : FIRST_BYTES;
		more = realloc(text, room + 1);
		if (!more)
			goto out_free;
		text = more;
		n += fread(text + n, 1, room - n, from);
	} while (n == room && n <= bytes_max);
	if (!ferror(from) && n <= bytes_max) {
		text[n] = '\0';
		*bytes = n;
		return text;
	}
	if (!ferror(from))
		errno = EFBIG;
out_free:
	free(text);
	return NULL;
}
