/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes BTF for tests, one type after another.
 */
#ifndef TESTS_UNIT_BTF_ENCODER_H
#define TESTS_UNIT_BTF_ENCODER_H

#include <stdint.h>
#include <string.h>

enum {
	KIND_INT = 1, KIND_PTR = 2, KIND_ARRAY = 3, KIND_STRUCT = 4,
	KIND_UNION = 5, KIND_ENUM = 6, KIND_FWD = 7, KIND_TYPEDEF = 8,
	KIND_CONST = 10, KIND_FUNC_PROTO = 13, KIND_DATASEC = 15,
};

#define BTF_HEADER_BYTES	24

struct btf_encoder {
	uint8_t type[8192];
	uint32_t type_bytes, types;
	char string[4096];		/* the first is the empty one */
	uint32_t string_bytes;
};

static inline uint32_t btf_string(struct btf_encoder *e, const char *s)
{
	uint32_t at = e->string_bytes ? e->string_bytes : 1;

	if (!*s)
		return 0;
	strcpy(e->string + at, s);
	e->string_bytes = at + strlen(s) + 1;
	return at;
}

static inline void btf_words(struct btf_encoder *e, unsigned int count,
			     const uint32_t *word)
{
	memcpy(e->type + e->type_bytes, word, count * 4);
	e->type_bytes += count * 4;
}

/* Returns its id. The data that belongs to the kind must follow. */
static inline uint32_t btf_add(struct btf_encoder *e, unsigned int kind,
			       const char *name, unsigned int vlen,
			       uint32_t size_or_type)
{
	uint32_t w[3] = { btf_string(e, name), kind << 24 | vlen,
			  size_or_type };

	btf_words(e, 3, w);
	return ++e->types;
}

static inline void btf_add_member(struct btf_encoder *e, const char *name,
				  uint32_t type, uint32_t bytes_at)
{
	uint32_t w[3] = { btf_string(e, name), type, bytes_at * 8 };

	btf_words(e, 3, w);
}

/* Its size. */
static inline size_t btf_write(const struct btf_encoder *e, uint8_t *out)
{
	uint32_t h[6] = { 0x1eb9f, BTF_HEADER_BYTES, 0, e->type_bytes,
			  e->type_bytes, e->string_bytes };

	memcpy(out, h, sizeof(h));
	memcpy(out + sizeof(h), e->type, e->type_bytes);
	memcpy(out + sizeof(h) + e->type_bytes, e->string, e->string_bytes);
	return sizeof(h) + e->type_bytes + e->string_bytes;
}

#endif
