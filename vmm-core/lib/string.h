/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The libc functions that the core uses, with their usual meaning. gcc
 * emits calls to the first four by itself.
 */
#ifndef VMM_CORE_LIB_STRING_H
#define VMM_CORE_LIB_STRING_H

#include "vmm-core/lib/types.h"

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
/* Copies what fits and always terminates. */
void strlcpy(char *to, const char *from, size_t size);

#endif
