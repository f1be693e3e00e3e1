/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers are made backwards, in place.
 */
#include "reports/out.h"

#include <stdbool.h>

void out_init(struct out *o, FILE *to)
{
	o->to = to;
	o->used = 0;
}

void out_flush(struct out *o)
{
	fwrite(o->buf, 1, o->used, o->to);
	o->used = 0;
}

void out_safe_text(struct out *o, const char *text)
{
	for (; *text; text++) {
		bool safe = *text >= ' ' && *text <= '~' && *text != '"' &&
			    *text != '\\';

		out_char(o, safe ? *text : '?');
	}
}

static void out_bytes(struct out *o, const char *from, size_t bytes)
{
	if (bytes > OUT_BYTES - o->used)
		out_flush(o);
	memcpy(o->buf + o->used, from, bytes);
	o->used += bytes;
}

void out_dec_padded(struct out *o, uint64_t n, unsigned int digits)
{
	char number[OUT_NUMBER_BYTES];
	char *end = number + sizeof(number), *at = end;

	do {
		*--at = '0' + n % 10;
		n /= 10;
	} while (n);
	while (end - at < (int)digits && at > number)
		*--at = '0';
	out_bytes(o, at, end - at);
}

void out_dec(struct out *o, uint64_t n)
{
	out_dec_padded(o, n, 1);
}

void out_hex(struct out *o, uint64_t n)
{
	char number[OUT_NUMBER_BYTES];
	char *end = number + sizeof(number), *at = end;

	do {
		*--at = "0123456789abcdef"[n & 15];
		n >>= 4;
	} while (n);
	*--at = 'x';
	*--at = '0';
	out_bytes(o, at, end - at);
}
