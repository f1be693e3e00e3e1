/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts of guests and files, made fit for a terminal: what is not printable
 * ASCII becomes '?'.
 */
#ifndef TRACER_EVENT_PRINTABLE_H
#define TRACER_EVENT_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

static inline bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

/* Copies as strlcpy() does; both may be the same. */
static inline void printable_text(char *to, size_t bytes, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < bytes && from[i]; i++)
		to[i] = is_printable(from[i]) ? from[i] : '?';
	to[i] = '\0';
}

#endif
