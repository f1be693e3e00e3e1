/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes kallsyms tables as kernels have them, in every layout, for tests.
 *
 * Where there is a choice the tests' own is taken: which strings become
 * tokens, say, differs from what a kernel's build would choose.
 */
#ifndef TESTS_UNIT_KALLSYMS_ENCODER_H
#define TESTS_UNIT_KALLSYMS_ENCODER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum layout_addresses {
	ADDRESS_WHOLE_BELOW,		/* before 4.6 */
	ADDRESS_PERCPU_BELOW,		/* 4.6 to 6.3 */
	ADDRESS_BASE_BELOW,
	ADDRESS_PERCPU_ABOVE,		/* 6.4 to 6.14 */
	ADDRESS_BASE_ABOVE,		/* 6.15 on */
	ADDRESS_PLACE_ABOVE,		/* 7.0 on */
};

struct layout {
	const char *name;
	enum layout_addresses addresses;
	unsigned int marker_bytes;	/* 4 or 8 */
	bool two_byte_lengths;
	bool seqs;			/* 6.1 to 6.3: something in between */
};

static const struct layout layouts[] = {
	{ "u64",		ADDRESS_WHOLE_BELOW,	8, false, false },
	{ "u64-u32-markers",	ADDRESS_WHOLE_BELOW,	4, false, false },
	{ "percpu-5.10",	ADDRESS_PERCPU_BELOW,	4, false, false },
	{ "base-5.10",		ADDRESS_BASE_BELOW,	4, false, false },
	{ "percpu-6.1",		ADDRESS_PERCPU_BELOW,	4, true,  true },
	{ "percpu-6.4",		ADDRESS_PERCPU_ABOVE,	4, true,  false },
	{ "base-6.15",		ADDRESS_BASE_ABOVE,	4, true,  false },
	{ "place-7.0",		ADDRESS_PLACE_ABOVE,	4, true,  false },
};

#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

struct test_symbol {
	uint64_t address;
	char type;
	char name[520];
};

struct encoder {
	uint8_t *out;		/* 8-aligned, zeroed, large enough */
	size_t at;
	uint64_t gva;		/* of out[0] */
	char token[256][8];
	/* where things ended up, for tests that damage them */
	size_t num_at, names_at, markers_at, tokens_at, index_at, end;
};

/* Characters stand for themselves, other codes for strings of letters. */
static inline void encoder_tokens(struct encoder *e)
{
	static const char *const some[] = {
		"sys_", "T_", "tx", "_fn", "symbol", "do_", "__", "init", "Ta",
	};
	unsigned int spare = 0;

	for (unsigned int c = 0; c < 256; c++) {
		if (c > ' ' && c <= '~')
			snprintf(e->token[c], 8, "%c", c);
		else if (spare < sizeof(some) / sizeof(some[0]))
			snprintf(e->token[c], 8, "%s", some[spare++]);
		else
			snprintf(e->token[c], 8, "%c%c", 'A' + c % 26,
				 'a' + c / 26);
	}
}

static inline void encoder_put(struct encoder *e, uint64_t v, unsigned int n)
{
	memcpy(e->out + e->at, &v, n);
	e->at += n;
}

static inline void encoder_align(struct encoder *e)
{
	e->at = (e->at + 7) & ~(size_t)7;
}

/* The longest token at each place; single characters always match. */
static inline size_t encoder_compress(const struct encoder *e,
				      const char *from, uint8_t *codes)
{
	size_t n = 0;

	while (*from) {
		unsigned int best = (unsigned char)*from;

		for (unsigned int c = 0; c < 256; c++) {
			size_t bytes;

			if (e->token[c][0] != *from)
				continue;
			bytes = strlen(e->token[c]);
			if (bytes > strlen(e->token[best]) &&
			    !strncmp(from, e->token[c], bytes))
				best = c;
		}
		codes[n++] = best;
		from += strlen(e->token[best]);
	}
	return n;
}

static inline void encoder_offsets(struct encoder *e, const struct layout *l,
				   const struct test_symbol *s, uint32_t count,
				   uint64_t base)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t a = s[i].address, place = e->gva + e->at;

		switch (l->addresses) {
		case ADDRESS_WHOLE_BELOW:
			encoder_put(e, a, 8);
			break;
		case ADDRESS_PERCPU_BELOW:
		case ADDRESS_PERCPU_ABOVE:
			encoder_put(e, a < base ? a : base - 1 - a, 4);
			break;
		case ADDRESS_BASE_BELOW:
		case ADDRESS_BASE_ABOVE:
			encoder_put(e, a - base, 4);
			break;
		case ADDRESS_PLACE_ABOVE:
			encoder_put(e, a - place, 4);
			break;
		}
	}
	encoder_align(e);
	if (l->addresses != ADDRESS_WHOLE_BELOW &&
	    l->addresses != ADDRESS_PLACE_ABOVE)
		encoder_put(e, base, 8);
}

static inline void encoder_names(struct encoder *e, const struct layout *l,
				 const struct test_symbol *s, uint32_t count,
				 uint32_t *marker)
{
	uint8_t codes[600];
	char full[600];

	e->num_at = e->at;
	encoder_put(e, count, 8);
	e->names_at = e->at;
	for (uint32_t i = 0; i < count; i++) {
		size_t n;

		if (i % 256 == 0)
			marker[i / 256] = e->at - e->names_at;
		snprintf(full, sizeof(full), "%c%s", s[i].type, s[i].name);
		n = encoder_compress(e, full, codes);
		if (n >= 128 && l->two_byte_lengths)
			encoder_put(e, (n & 0x7f) | 0x80 | n >> 7 << 8, 2);
		else
			encoder_put(e, n, 1);
		memcpy(e->out + e->at, codes, n);
		e->at += n;
	}
	encoder_align(e);
}

static inline void encoder_token_tables(struct encoder *e)
{
	uint16_t index[256];

	e->tokens_at = e->at;
	for (unsigned int c = 0; c < 256; c++) {
		index[c] = e->at - e->tokens_at;
		strcpy((char *)e->out + e->at, e->token[c]);
		e->at += strlen(e->token[c]) + 1;
	}
	encoder_align(e);
	e->index_at = e->at;
	for (unsigned int c = 0; c < 256; c++)
		encoder_put(e, index[c], 2);
}

/* base: the lowest address that is the kernel's. */
static inline void encoder_write(struct encoder *e, const struct layout *l,
				 const struct test_symbol *s, uint32_t count,
				 uint64_t base)
{
	uint32_t marker[64];
	bool below = l->addresses <= ADDRESS_BASE_BELOW;

	encoder_tokens(e);
	encoder_align(e);
	if (below)
		encoder_offsets(e, l, s, count, base);
	encoder_names(e, l, s, count, marker);
	e->markers_at = e->at;
	for (uint32_t i = 0; i < (count + 255) / 256; i++)
		encoder_put(e, marker[i], l->marker_bytes);
	encoder_align(e);
	for (uint32_t i = 0; l->seqs && i < count; i++)
		encoder_put(e, i, 3);
	encoder_align(e);
	encoder_token_tables(e);
	if (!below)
		encoder_offsets(e, l, s, count, base);
	e->end = e->at;
}

/* What /proc/kallsyms would print of them. */
static inline size_t symbols_print(const struct test_symbol *s, uint32_t count,
				   char *text)
{
	char *at = text;

	for (uint32_t i = 0; i < count; i++)
		at += sprintf(at, "%016llx %c %s\n",
			      (unsigned long long)s[i].address, s[i].type,
			      s[i].name);
	return at - text;
}

/* per_cpu symbols at low addresses, the rest from base up. */
static inline void symbols_make(struct test_symbol *s, uint32_t count,
				uint32_t per_cpu, uint64_t base)
{
	static const char types[] = "TtTtDdrRbBWwVA";
	static const char *const stem[] = {
		"sys_open", "do_init", "x", "__symbol", "_fn_tx_T_", "Ta",
	};

	for (uint32_t i = 0; i < count; i++) {
		s[i].address = i < per_cpu ? i * 8 :
			base + (i - per_cpu) / 2 * 16;
		s[i].type = i < per_cpu ? 'A' : types[i % 14];
		snprintf(s[i].name, sizeof(s[i].name), "%s%u.%s", stem[i % 6],
			 i, stem[i / 6 % 6]);
	}
}

#endif
