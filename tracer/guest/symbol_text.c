/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of /proc/kallsyms. Nearly a hundred thousand of them make one
 * capture, so they are put together by hand rather than by printf.
 */
#include "tracer/guest/symbol_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES_MIN		(1u << 20)
/* Twenty times a distribution's kernel: only a hostile guest has more. */
#define TEXT_BYTES_MAX		(128u << 20)

#define MODULE_NAME_MAX		64
/* address, type, name, module and what stands between and after them */
#define LINE_BYTES_MAX		(16 + 3 + SYMBOL_NAME_MAX + MODULE_NAME_MAX + 4)

char symbol_char_visible(char c)
{
	return c > ' ' && c <= '~' ? c : '?';
}

static int text_grow(struct symbol_text *t)
{
	size_t room = t->room ? t->room * 2 : TEXT_BYTES_MIN;
	char *at;

	if (room > TEXT_BYTES_MAX)
		return -E2BIG;
	at = realloc(t->at, room);
	if (!at)
		return -ENOMEM;
	t->at = at;
	t->room = room;
	return 0;
}

static char *put_hex(char *to, uint64_t value)
{
	static const char digit[] = "0123456789abcdef";

	for (int shift = 60; shift >= 0; shift -= 4)
		*to++ = digit[value >> shift & 15];
	return to;
}

static char *put_bytes(char *to, const char *from, size_t bytes)
{
	memcpy(to, from, bytes);
	return to + bytes;
}

int symbol_text_add(struct symbol_text *t, uint64_t address, char type,
		    const char *name, size_t name_bytes, const char *module)
{
	char *to;

	if (t->room - t->bytes < LINE_BYTES_MAX) {
		int err = text_grow(t);

		if (err)
			return err;
	}
	if (name_bytes > SYMBOL_NAME_MAX)
		name_bytes = SYMBOL_NAME_MAX;
	to = put_hex(t->at + t->bytes, address);
	*to++ = ' ';
	*to++ = type;
	*to++ = ' ';
	to = put_bytes(to, name, name_bytes);
	if (module) {
		*to++ = '\t';
		*to++ = '[';
		to = put_bytes(to, module, strnlen(module, MODULE_NAME_MAX));
		*to++ = ']';
	}
	*to++ = '\n';
	t->bytes = to - t->at;
	t->lines++;
	return 0;
}

void symbol_text_free(struct symbol_text *t)
{
	free(t->at);
	*t = (struct symbol_text){ 0 };
}
