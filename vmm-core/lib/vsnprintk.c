/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formatting for printk(): the part of printf that printk.h promises. What
 * it does not know it prints as it stands, so that it shows.
 */
#include "vmm-core/lib/printk.h"

struct out {
	char *to;
	size_t size;
	size_t len;		/* what it would be, NUL not counted */
};

struct conversion {
	bool left, zero, wide;
	unsigned int width;
	char type;
};

static void out_char(struct out *out, char c)
{
	if (out->len + 1 < out->size)
		out->to[out->len] = c;
	out->len++;
}

static void out_fill(struct out *out, char c, size_t n)
{
	while (n--)
		out_char(out, c);
}

static void out_padded(struct out *out, const struct conversion *conv,
		       const char *text, size_t len)
{
	size_t pad = conv->width > len ? conv->width - len : 0;

	if (!conv->left)
		out_fill(out, ' ', pad);
	for (size_t i = 0; i < len; i++)
		out_char(out, text[i]);
	if (conv->left)
		out_fill(out, ' ', pad);
}

static void out_number(struct out *out, struct conversion *conv,
		       const char *prefix, u64 value, unsigned int base)
{
	/* sign or 0x, and 20 digits */
	char text[24];
	char digits[20];
	size_t n = 0, len = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (*prefix)
		text[len++] = *prefix++;

	if (conv->zero && !conv->left && conv->width > len + n) {
		/* zeros stand between the sign and the digits */
		for (size_t i = 0; i < len; i++)
			out_char(out, text[i]);
		out_fill(out, '0', conv->width - len - n);
		conv->width = len = 0;
	}
	while (n)
		text[len++] = digits[--n];
	out_padded(out, conv, text, len);
}

static const char *parse_conversion(const char *fmt, struct conversion *conv)
{
	*conv = (struct conversion){ 0 };
	for (;; fmt++) {
		if (*fmt == '-')
			conv->left = true;
		else if (*fmt == '0')
			conv->zero = true;
		else
			break;
	}
	for (; *fmt >= '0' && *fmt <= '9'; fmt++)
		if (conv->width < 1000)
			conv->width = conv->width * 10 + *fmt - '0';
	for (; *fmt == 'l' || *fmt == 'z'; fmt++)
		conv->wide = true;
	conv->type = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

static size_t text_length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

/* The argument list is passed by address, so that its reading carries on. */
static void out_conversion(struct out *out, struct conversion *conv,
			   va_list *args)
{
	const char *s;
	u64 v;
	char c;

	switch (conv->type) {
	case 'c':
		c = (char)va_arg(*args, int);
		out_padded(out, conv, &c, 1);
		break;
	case 's':
		s = va_arg(*args, const char *);
		if (!s)
			s = "(null)";
		out_padded(out, conv, s, text_length(s));
		break;
	case 'd':
		v = conv->wide ? va_arg(*args, u64) : (u64)va_arg(*args, int);
		out_number(out, conv, (s64)v < 0 ? "-" : "",
			   (s64)v < 0 ? -v : v, 10);
		break;
	case 'u':
	case 'x':
		v = conv->wide ? va_arg(*args, u64) : va_arg(*args, u32);
		out_number(out, conv, "", v, conv->type == 'u' ? 10 : 16);
		break;
	case 'p':
		out_number(out, conv, "0x", (u64)va_arg(*args, void *), 16);
		break;
	case '%':
		out_char(out, '%');
		break;
	default:
		out_char(out, '%');
		if (conv->type)
			out_char(out, conv->type);
	}
}

int vsnprintk(char *to, size_t size, const char *fmt, va_list args)
{
	struct out out = { .to = to, .size = size };
	struct conversion conv;
	va_list rest;

	va_copy(rest, args);
	while (*fmt) {
		if (*fmt != '%') {
			out_char(&out, *fmt++);
			continue;
		}
		fmt = parse_conversion(fmt + 1, &conv);
		out_conversion(&out, &conv, &rest);
	}
	va_end(rest);
	if (size)
		to[out.len < size ? out.len : size - 1] = '\0';
	return (int)out.len;
}

int snprintk(char *to, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintk(to, size, fmt, args);
	va_end(args);
	return len;
}
