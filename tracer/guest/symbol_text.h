/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Symbols written as /proc/kallsyms writes them, into a text that grows.
 *
 * Names come from the guest: who reads one there replaces what is not a
 * visible ASCII character, so that a line stays a line.
 */
#ifndef TRACER_GUEST_SYMBOL_TEXT_H
#define TRACER_GUEST_SYMBOL_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* As the kernel: KSYM_NAME_LEN less its NUL. */
#define SYMBOL_NAME_MAX		511

struct symbol_text {
	char *at;
	size_t bytes, room;
	size_t lines;
};

/* c, or '?' in its place. */
char symbol_char_visible(char c);

/*
 * All characters are visible ones. name has name_bytes, and is cut at
 * SYMBOL_NAME_MAX; module is NULL for the kernel's own. 0, -ENOMEM, or
 * -E2BIG past all reason.
 */
int symbol_text_add(struct symbol_text *t, uint64_t address, char type,
		    const char *name, size_t name_bytes, const char *module);
void symbol_text_free(struct symbol_text *t);

#endif
