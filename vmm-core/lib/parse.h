/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words and numbers out of command lines, which may hold anything.
 */
#ifndef VMM_CORE_LIB_PARSE_H
#define VMM_CORE_LIB_PARSE_H

#include "vmm-core/lib/types.h"

/*
 * Cuts the next blank-separated word off *cursor, in place. NULL at the end.
 */
char *parse_word(char **cursor);
/* Returns the rest of a word that begins with "name=", else NULL. */
const char *parse_value(const char *word, const char *name);
/* Decimal, or hexadecimal after 0x; the whole text, or -EINVAL. */
int parse_u64(const char *text, u64 *value);
/* Likewise, with an optional K, M or G behind it. */
int parse_bytes(const char *text, u64 *bytes);

#endif
