/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers are made backwards, in place.
 */
#include "reports/out.h"

#include <stdbool.h>

#include "tracer/event/printable.h"

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

static bool is_safe(char c)
{
	return is_printable(c) && c != '"' && c != '\\';
}

void out_safe_text(struct out *o, const char *text)
{
	char *at = o->buf + o->used, *end = o->buf + OUT_BYTES;

	for (; *text; text++) {
		if (at == end) {
			o->used = OUT_BYTES;
			out_flush(o);
			at = o->buf;
		}
		*at++ = is_safe(*text) ? *text : '?';
	}
	o->used = at - o->buf;
}

static void out_bytes(struct out *o, const char *from, size_t bytes)
{
	if (bytes > OUT_BYTES - o->used)
		out_flush(o);
	memcpy(o->buf + o->used, from, bytes);
	o->used += bytes;
}

/* Two digits a division. */
static const char pairs[] = "00010203040506070809" "10111213141516171819"
			    "20212223242526272829" "30313233343536373839"
			    "40414243444546474849" "50515253545556575859"
			    "60616263646566676869" "70717273747576777879"
			    "80818283848586878889" "90919293949596979899";

void out_dec_padded(struct out *o, uint64_t n, unsigned int digits)
{
	char number[OUT_NUMBER_BYTES];
	char *end = number + sizeof(number), *at = end;

	for (; n > 9; n /= 100) {
		at -= 2;
		memcpy(at, &pairs[n % 100 * 2], 2);
	}
	if (n || at == end)
		*--at = '0' + n;
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

void out_json_number(struct out *o, uint64_t n)
{
	bool is_text = n > OUT_JSON_NUMBER_MAX;

	if (is_text)
		out_char(o, '"');
	out_dec(o, n);
	if (is_text)
		out_char(o, '"');
}
