/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words and numbers out of command lines. Numbers that do not fit are
 * errors, never truncated.
 */
#include "vmm-core/lib/parse.h"

#include "vmm-core/lib/string.h"

static bool char_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char *parse_word(char **cursor)
{
	char *word = *cursor;
	char *end;

	while (char_is_blank(*word))
		word++;
	if (!*word) {
		*cursor = word;
		return NULL;
	}
	for (end = word; *end && !char_is_blank(*end); end++)
		;
	if (*end)
		*end++ = '\0';
	*cursor = end;
	return word;
}

const char *parse_value(const char *word, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(word, name, len) || word[len] != '=')
		return NULL;
	return word + len + 1;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return 16;
}

/* Returns the first character after the digits; NULL: no digit, or too large. */
static const char *parse_digits(const char *text, u64 *value)
{
	unsigned int base = 10;
	u64 sum = 0;
	int digit;

	if (text[0] == '0' && (text[1] | 0x20) == 'x') {
		base = 16;
		text += 2;
	}
	if (digit_value(*text) >= (int)base)
		return NULL;
	for (; (digit = digit_value(*text)) < (int)base; text++) {
		if (sum > (~0ull - digit) / base)
			return NULL;
		sum = sum * base + digit;
	}
	*value = sum;
	return text;
}

int parse_u64(const char *text, u64 *value)
{
	u64 v;
	const char *end = parse_digits(text, &v);

	if (!end || *end)
		return -EINVAL;
	*value = v;
	return 0;
}

static int suffix_shift(char c)
{
	switch (c | 0x20) {
	case 'k':	return 10;
	case 'm':	return 20;
	case 'g':	return 30;
	default:	return -EINVAL;
	}
}

int parse_bytes(const char *text, u64 *bytes)
{
	u64 v;
	const char *end = parse_digits(text, &v);
	int shift;

	if (!end)
		return -EINVAL;
	if (*end) {
		shift = suffix_shift(*end);
		if (shift < 0 || end[1] || v > ~0ull >> shift)
			return -EINVAL;
		v <<= shift;
	}
	*bytes = v;
	return 0;
}
