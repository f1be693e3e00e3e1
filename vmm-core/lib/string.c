/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * String functions. Memory is moved by the string instructions: short code,
 * and on CPUs (and emulators) that matter as fast as a loop can be.
 */
#include "vmm-core/lib/string.h"

void *memcpy(void *to, const void *from, size_t n)
{
	void *end = to;
	size_t quads = n / 8;
	size_t rest = n % 8;

	asm volatile("rep movsq\n\t"
		     "mov %[rest], %[count]\n\t"
		     "rep movsb"
		     : "+D"(end), "+S"(from), [count] "+&c"(quads)
		     : [rest] "r"(rest)
		     : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	u8 *last_to = (u8 *)to + n - 1;
	const u8 *last_from = (const u8 *)from + n - 1;

	if ((u64)to - (u64)from >= n)
		return memcpy(to, from, n);
	asm volatile("std; rep movsb; cld"
		     : "+D"(last_to), "+S"(last_from), "+c"(n)
		     : : "memory");
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	u64 pattern = 0x0101010101010101ull * (u8)byte;
	void *end = to;
	size_t quads = n / 8;
	size_t rest = n % 8;

	asm volatile("rep stosq\n\t"
		     "mov %[rest], %[count]\n\t"
		     "rep stosb"
		     : "+D"(end), [count] "+&c"(quads)
		     : [rest] "r"(rest), "a"(pattern)
		     : "memory");
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x < *y ? -1 : 1;
	return 0;
}

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return end - s;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, (size_t)-1);
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b)
			return (u8)*a < (u8)*b ? -1 : 1;
		if (!*a)
			break;
	}
	return 0;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			return NULL;
	}
}

void strlcpy(char *to, const char *from, size_t size)
{
	if (!size)
		return;
	while (--size && *from)
		*to++ = *from++;
	*to = '\0';
}
