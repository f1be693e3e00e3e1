/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BTF, as Linux's Documentation/bpf/btf.rst defines it: a header, types one
 * after another (their number is their id, from 1), and strings.
 */
#include "tracer/guest/btf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BTF_MAGIC		0xeb9f
#define BTF_TYPES_MAX		(1u << 20)
#define BTF_MEMBERS_MAX		(1u << 20)
/* Unnamed members of unnamed members: the kernel has three levels. */
#define BTF_DEPTH_MAX		8

struct btf_header {
	uint16_t magic;
	uint8_t version;
	uint8_t flags;
	uint32_t header_bytes;
	uint32_t type_at, type_bytes;	/* from the header's end */
	uint32_t string_at, string_bytes;
};

struct btf_type {
	uint32_t name;
	uint32_t info;		/* vlen, kind, kind_flag */
	uint32_t size_or_type;
};

struct btf_struct_member {
	uint32_t name;
	uint32_t type;
	uint32_t offset;	/* in bits; with kind_flag, the low 24 */
};

enum btf_kind {
	BTF_INT = 1, BTF_PTR, BTF_ARRAY, BTF_STRUCT, BTF_UNION, BTF_ENUM,
	BTF_FWD, BTF_TYPEDEF, BTF_VOLATILE, BTF_CONST, BTF_RESTRICT, BTF_FUNC,
	BTF_FUNC_PROTO, BTF_VAR, BTF_DATASEC, BTF_FLOAT, BTF_DECL_TAG,
	BTF_TYPE_TAG, BTF_ENUM64, BTF_KINDS
};

/* Bytes that follow a struct btf_type: once, and for each of its vlen. */
static const struct { uint8_t fixed, each; } kind_bytes[BTF_KINDS] = {
	[BTF_INT]	 = { 4, 0 },
	[BTF_ARRAY]	 = { 12, 0 },
	[BTF_STRUCT]	 = { 0, 12 },
	[BTF_UNION]	 = { 0, 12 },
	[BTF_ENUM]	 = { 0, 8 },
	[BTF_FUNC_PROTO] = { 0, 8 },
	[BTF_VAR]	 = { 4, 0 },
	[BTF_DATASEC]	 = { 0, 12 },
	[BTF_DECL_TAG]	 = { 4, 0 },
	[BTF_ENUM64]	 = { 0, 12 },
};

struct btf {
	const uint8_t *types;
	uint32_t type_bytes;
	const char *strings;
	uint32_t string_bytes;
	uint32_t *type_at;	/* by id; [0] is void */
	uint32_t count;
	/*
	 * Members still to be looked at: unnamed members that name each
	 * other would otherwise make this exponential.
	 */
	uint32_t budget;
};

static unsigned int type_kind(const struct btf_type *t)
{
	return t->info >> 24 & 31;
}

static unsigned int type_vlen(const struct btf_type *t)
{
	return t->info & 0xffff;
}

static bool type_is_struct(const struct btf_type *t)
{
	return type_kind(t) == BTF_STRUCT || type_kind(t) == BTF_UNION;
}

static bool string_equals(const struct btf *b, uint32_t at, const char *s)
{
	size_t bytes = strlen(s) + 1;

	return at < b->string_bytes && bytes <= b->string_bytes - at &&
		!memcmp(b->strings + at, s, bytes);
}

static bool string_is_empty(const struct btf *b, uint32_t at)
{
	return at >= b->string_bytes || !b->strings[at];
}

static void type_read(const struct btf *b, uint32_t at, struct btf_type *t)
{
	memcpy(t, b->types + at, sizeof(*t));
}

static void member_read(const struct btf *b, uint32_t type_at,
			const struct btf_type *t, unsigned int i,
			struct btf_struct_member *m)
{
	memcpy(m, b->types + type_at + sizeof(*t) + i * sizeof(*m), sizeof(*m));
	if (t->info >> 31)
		m->offset &= 0xffffff;
}

/* Follows const, volatile and typedef to the type that is meant. */
static bool type_resolve(const struct btf *b, uint32_t id, uint32_t *at,
			 struct btf_type *t)
{
	for (int depth = 0; depth < BTF_DEPTH_MAX; depth++) {
		if (!id || id >= b->count)
			return false;
		*at = b->type_at[id];
		type_read(b, *at, t);
		switch (type_kind(t)) {
		case BTF_STRUCT:
		case BTF_UNION:
			return true;
		case BTF_TYPEDEF:
		case BTF_CONST:
		case BTF_VOLATILE:
			id = t->size_or_type;
			break;
		default:
			return false;
		}
	}
	return false;
}

static bool member_find(struct btf *b, uint32_t type_at,
			const struct btf_type *t, const char *name, int depth,
			uint32_t *bits)
{
	struct btf_struct_member m;
	struct btf_type inner;
	uint32_t inner_at, inner_bits;

	for (unsigned int i = 0; i < type_vlen(t) && b->budget; i++) {
		b->budget--;
		member_read(b, type_at, t, i, &m);
		if (string_equals(b, m.name, name)) {
			*bits = m.offset;
			return true;
		}
		if (depth && string_is_empty(b, m.name) &&
		    type_resolve(b, m.type, &inner_at, &inner) &&
		    member_find(b, inner_at, &inner, name, depth - 1,
				&inner_bits)) {
			*bits = m.offset + inner_bits;
			return true;
		}
	}
	return false;
}

static void wanted_check(struct btf *b, uint32_t at, struct btf_member *wanted,
			 unsigned int wanted_count)
{
	struct btf_type t;
	uint32_t bits;

	type_read(b, at, &t);
	for (unsigned int i = 0; i < wanted_count; i++) {
		struct btf_member *w = &wanted[i];

		if (w->found || !string_equals(b, t.name, w->type))
			continue;
		bits = 0;
		w->found = !w->name || member_find(b, at, &t, w->name,
						   BTF_DEPTH_MAX, &bits);
		w->offset = bits / 8;
		w->type_bytes = t.size_or_type;
	}
}

static int header_check(struct btf *b, const uint8_t *at, size_t bytes)
{
	struct btf_header h;
	size_t room;

	if (bytes < sizeof(h))
		return -EINVAL;
	memcpy(&h, at, sizeof(h));
	if (h.magic != BTF_MAGIC || h.version != 1 ||
	    h.header_bytes < sizeof(h) || h.header_bytes > bytes)
		return -EINVAL;
	room = bytes - h.header_bytes;
	if (h.type_at > room || h.type_bytes > room - h.type_at ||
	    h.string_at > room || h.string_bytes > room - h.string_at)
		return -EINVAL;
	b->types = at + h.header_bytes + h.type_at;
	b->type_bytes = h.type_bytes;
	b->strings = (const char *)at + h.header_bytes + h.string_at;
	b->string_bytes = h.string_bytes;
	return 0;
}

/* Every type's place; what follows each is inside too, from here on. */
static int types_index(struct btf *b)
{
	uint32_t at = 0, room = BTF_TYPES_MAX;

	if (room > b->type_bytes / sizeof(struct btf_type) + 1)
		room = b->type_bytes / sizeof(struct btf_type) + 1;
	b->type_at = malloc(room * sizeof(*b->type_at));
	if (!b->type_at)
		return -ENOMEM;
	b->type_at[0] = 0;
	for (b->count = 1; b->count < room; b->count++) {
		struct btf_type t;
		uint32_t left = b->type_bytes - at, bytes = sizeof(t);

		if (left < sizeof(t))
			break;
		type_read(b, at, &t);
		if (!type_kind(&t) || type_kind(&t) >= BTF_KINDS)
			break;
		bytes += kind_bytes[type_kind(&t)].fixed +
			kind_bytes[type_kind(&t)].each * type_vlen(&t);
		if (bytes > left)
			break;
		b->type_at[b->count] = at;
		at += bytes;
	}
	return 0;
}

int btf_find(const uint8_t *btf, size_t bytes, struct btf_member *wanted,
	     unsigned int wanted_count)
{
	struct btf b = { .budget = BTF_MEMBERS_MAX };
	struct btf_type t;
	int err = header_check(&b, btf, bytes);

	if (!err)
		err = types_index(&b);
	if (err)
		return err;
	for (uint32_t id = 1; id < b.count; id++) {
		type_read(&b, b.type_at[id], &t);
		if (type_is_struct(&t) && t.name)
			wanted_check(&b, b.type_at[id], wanted, wanted_count);
	}
	free(b.type_at);
	return 0;
}
