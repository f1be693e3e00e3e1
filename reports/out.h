/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text out, fast: for millions of lines that are mostly numbers, where
 * printf() would take most of the time. Errors stay in the stream's state.
 */
#ifndef REPORTS_OUT_H
#define REPORTS_OUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define OUT_BYTES	65536
#define OUT_NUMBER_BYTES 24	/* no number is longer */

struct out {
	FILE *to;
	size_t used;
	char buf[OUT_BYTES];
};

void out_init(struct out *o, FILE *to);
/* All that was written goes to the stream. */
void out_flush(struct out *o);

static inline void out_char(struct out *o, char c)
{
	if (o->used == OUT_BYTES)
		out_flush(o);
	o->buf[o->used++] = c;
}

/* Our own text: neither a guest's nor a file's. */
static inline void out_text(struct out *o, const char *text)
{
	size_t length = strlen(text);

	if (length > OUT_BYTES - o->used)
		out_flush(o);
	memcpy(o->buf + o->used, text, length);
	o->used += length;
}

/* Any text: quotes, backslashes and what is not printable ASCII become '?'. */
void out_safe_text(struct out *o, const char *text);
void out_dec(struct out *o, uint64_t n);
/* At least that many digits, zeroes before. */
void out_dec_padded(struct out *o, uint64_t n, unsigned int digits);
void out_hex(struct out *o, uint64_t n);	/* with 0x */
/*
 * A number that no reader of JSON changes: above 2^53, where a double has no
 * room for all its digits, it is a text.
 */
#define OUT_JSON_NUMBER_MAX (1ull << 53)
void out_json_number(struct out *o, uint64_t n);

#endif
