/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The addresses of kallsyms: five ways to write them, in three places.
 *
 * No field says which; but only the right one gives addresses that rise from
 * symbol to symbol and lie, most of them, inside the kernel.
 */
#include "tracer/guest/kallsyms.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct table {
	size_t at;		/* in the area: an array of one per symbol */
	uint64_t base;		/* what the encoding adds to */
};

typedef uint64_t decode(const struct kallsyms *k, const struct table *t,
			uint32_t i);

static uint32_t table_u32(const struct kallsyms *k, const struct table *t,
			  uint32_t i)
{
	uint32_t v;

	memcpy(&v, k->area.at + t->at + (size_t)i * 4, sizeof(v));
	return v;
}

static uint64_t area_u64(const struct kallsyms *k, size_t at)
{
	uint64_t v;

	memcpy(&v, k->area.at + at, sizeof(v));
	return v;
}

/* CONFIG_KALLSYMS_ABSOLUTE_PERCPU, until 6.14: per-CPU symbols as they are,
 * the others below zero. */
static uint64_t decode_percpu(const struct kallsyms *k, const struct table *t,
			      uint32_t i)
{
	int64_t offset = (int32_t)table_u32(k, t, i);

	return offset >= 0 ? (uint64_t)offset : t->base - 1 - offset;
}

static uint64_t decode_base(const struct kallsyms *k, const struct table *t,
			    uint32_t i)
{
	return t->base + table_u32(k, t, i);
}

/* From 7.0 on: from the entry itself. */
static uint64_t decode_place(const struct kallsyms *k, const struct table *t,
			     uint32_t i)
{
	return k->area.gva + t->at + (uint64_t)i * 4 +
		(int64_t)(int32_t)table_u32(k, t, i);
}

/* Before 4.6, and without CONFIG_KALLSYMS_BASE_RELATIVE */
static uint64_t decode_whole(const struct kallsyms *k, const struct table *t,
			     uint32_t i)
{
	return area_u64(k, t->at + (size_t)i * 8);
}

/* Everything fits: the addresses stay in k->address. */
static bool addresses_fit(struct kallsyms *k, decode *one,
			  const struct table *t, uint64_t text,
			  uint64_t text_bytes)
{
	uint64_t before = 0;
	uint32_t inside = 0;

	for (uint32_t i = 0; i < k->count; i++) {
		uint64_t address = one(k, t, i);

		if (address < before)
			return false;
		k->address[i] = before = address;
		inside += address - text < text_bytes;
	}
	return inside > k->count / 2;
}

static bool offsets_fit(struct kallsyms *k, const struct table *t,
			uint64_t text, uint64_t text_bytes)
{
	return addresses_fit(k, decode_percpu, t, text, text_bytes) ||
		addresses_fit(k, decode_base, t, text, text_bytes);
}

/* From 6.4 on: behind the token index, a base behind them (not in 7.0). */
static bool offsets_above_fit(struct kallsyms *k, uint64_t text,
			      uint64_t text_bytes)
{
	size_t bytes = ((size_t)k->count * 4 + 7) & ~(size_t)7;
	struct table t = {
		.at = k->token_index_at + KALLSYMS_TOKENS * sizeof(uint16_t),
	};

	if (k->area.bytes < t.at || k->area.bytes - t.at < bytes + 8)
		return false;
	t.base = area_u64(k, t.at + bytes);
	return offsets_fit(k, &t, text, text_bytes);
}

/* From 7.0 on: there too, without a base. Zeros would fit: try this last. */
static bool places_above_fit(struct kallsyms *k, uint64_t text,
			     uint64_t text_bytes)
{
	struct table t = {
		.at = k->token_index_at + KALLSYMS_TOKENS * sizeof(uint16_t),
	};

	if (k->area.bytes < t.at ||
	    k->area.bytes - t.at < (size_t)k->count * 4)
		return false;
	return addresses_fit(k, decode_place, &t, text, text_bytes);
}

/* 4.6 to 6.3: below the count, the base between them. */
static bool offsets_below_fit(struct kallsyms *k, uint64_t text,
			      uint64_t text_bytes)
{
	size_t bytes = ((size_t)k->count * 4 + 7) & ~(size_t)7;
	struct table t;

	if (k->num_at < bytes + 8)
		return false;
	t.base = area_u64(k, k->num_at - 8);
	t.at = k->num_at - 8 - bytes;
	return offsets_fit(k, &t, text, text_bytes);
}

static bool whole_below_fit(struct kallsyms *k, uint64_t text,
			    uint64_t text_bytes)
{
	size_t bytes = (size_t)k->count * 8;
	struct table t;

	if (k->num_at < bytes)
		return false;
	t.base = 0;
	t.at = k->num_at - bytes;
	return addresses_fit(k, decode_whole, &t, text, text_bytes);
}

int kallsyms_address_find(struct kallsyms *k, uint64_t text,
			  uint64_t text_bytes)
{
	k->address = malloc(k->count * sizeof(*k->address));
	if (!k->address)
		return -ENOMEM;
	if (offsets_above_fit(k, text, text_bytes) ||
	    offsets_below_fit(k, text, text_bytes) ||
	    whole_below_fit(k, text, text_bytes) ||
	    places_above_fit(k, text, text_bytes))
		return 0;
	free(k->address);
	k->address = NULL;
	return -ENOENT;
}
