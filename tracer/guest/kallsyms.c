/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding the kallsyms tables and reading the names in them.
 *
 * Names, markers, token table and token index stand in this order, 8-aligned,
 * in every kernel. The token index is the piece that nothing else looks like,
 * so it is found first, and the others below it.
 */
#include "tracer/guest/kallsyms.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_BYTES		(KALLSYMS_TOKENS * sizeof(uint16_t))
/* How far below its tokens a kernel's names may start. */
#define NAMES_BYTES_MAX		(32u << 20)
/*
 * Looks and names that finding may cost in all: a hostile guest could offer
 * thousands of token tables, each with its own 32 MB to search. A
 * distribution's kernel needs less than a million.
 */
#define WORK_MAX		(32u << 20)

#define TOKEN_SHORT		16

static bool work_spend(struct kallsyms *k, uint64_t work)
{
	k->work += work;
	return k->work <= WORK_MAX;
}

static size_t align8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static uint32_t get_u32(const struct kallsyms *k, size_t at)
{
	uint32_t v;

	memcpy(&v, k->area.at + at, sizeof(v));
	return v;
}

/* Tokens' offsets: from 0, each at least a NUL and less than a token on. */
static bool index_is_plausible(const uint8_t *at)
{
	uint16_t index[KALLSYMS_TOKENS];

	memcpy(index, at, 8);
	if (index[0] || index[1] < 2 || index[1] > KALLSYMS_TOKEN_MAX + 1)
		return false;
	memcpy(index, at, sizeof(index));
	for (int i = 1; i < KALLSYMS_TOKENS; i++) {
		int bytes = index[i] - index[i - 1];

		if (bytes < 2 || bytes > KALLSYMS_TOKEN_MAX + 1)
			return false;
	}
	return true;
}

/* 256 strings that start where the index says, and nowhere else. */
static bool tokens_match(const uint8_t *table, size_t bytes,
			 const uint16_t *index)
{
	for (int i = 0; i < KALLSYMS_TOKENS; i++) {
		size_t end = i < KALLSYMS_TOKENS - 1 ? index[i + 1] : bytes;

		if (strnlen((const char *)table + index[i], end - index[i]) !=
		    end - index[i] - 1)
			return false;
	}
	for (int c = 'a'; c <= 'z'; c++) {
		if (table[index[c]] != c || table[index[c] + 1])
			return false;
	}
	return true;
}

static void tokens_take(struct kallsyms *k, const uint8_t *table,
			const uint16_t *index)
{
	for (int i = 0; i < KALLSYMS_TOKENS; i++) {
		const char *from = (const char *)table + index[i];
		size_t bytes = strnlen(from, KALLSYMS_TOKEN_MAX);

		for (size_t c = 0; c < bytes; c++)
			k->token[i][c] = symbol_char_visible(from[c]);
		k->token_bytes[i] = bytes;
		k->token_is_type[i] = strchr("AaBbCDdGgiNnRrSsTtUuVvWw",
					     k->token[i][0]);
	}
}

/*
 * The table ends, but for padding, where the index starts; the last token's
 * length is what makes that so.
 */
static bool tokens_find(struct kallsyms *k, size_t index_at)
{
	uint16_t index[KALLSYMS_TOKENS];

	memcpy(index, k->area.at + index_at, sizeof(index));
	for (size_t last = 1; last <= KALLSYMS_TOKEN_MAX; last++) {
		size_t bytes = index[KALLSYMS_TOKENS - 1] + last + 1;
		const uint8_t *table;

		if (align8(bytes) > index_at)
			return false;
		table = k->area.at + index_at - align8(bytes);
		if (!work_spend(k, KALLSYMS_TOKENS))
			return false;
		if (table[bytes - 1] || !tokens_match(table, bytes, index))
			continue;
		k->token_index_at = index_at;
		k->token_table_at = index_at - align8(bytes);
		tokens_take(k, table, index);
		return true;
	}
	return false;
}

/*
 * Steps over one name whose symbol type nm could have printed; 0 if there is
 * none. Lengths from 128 on take two bytes since 6.1; before, none was.
 */
static size_t name_next(const struct kallsyms *k, size_t at, size_t end,
			size_t *name_at)
{
	const uint8_t *b = k->area.at;
	size_t bytes;

	if (end - at < 2)
		return 0;
	bytes = b[at++];
	if (bytes & 0x80)	/* then there is a second byte to read */
		bytes = (bytes & 0x7f) | (size_t)b[at++] << 7;
	if (!bytes || bytes > end - at)
		return 0;
	if (!k->token_is_type[b[at]])
		return 0;
	*name_at = at;
	return at + bytes;
}

/* Where the names end; notes what the markers must be. */
static size_t names_walk(struct kallsyms *k, size_t at, uint32_t count)
{
	size_t start = at, name;

	for (uint32_t i = 0; i < count; i++) {
		if (i % KALLSYMS_MARKER_STEP == 0)
			k->marker[i / KALLSYMS_MARKER_STEP] = at - start;
		at = name_next(k, at, k->token_table_at, &name);
		if (!at || !work_spend(k, 1))
			return 0;
	}
	return at;
}

/* Markers were as wide as a pointer until 4.20. */
static bool markers_match(const struct kallsyms *k, size_t at, uint32_t count,
			  unsigned int width)
{
	size_t markers = (count + KALLSYMS_MARKER_STEP - 1) /
		KALLSYMS_MARKER_STEP;

	if (at > k->token_table_at ||
	    markers * width > k->token_table_at - at)
		return false;
	for (size_t i = 0; i < markers; i++) {
		if (get_u32(k, at + i * width) != k->marker[i] ||
		    (width == 8 && get_u32(k, at + i * 8 + 4)))
			return false;
	}
	return true;
}

static bool names_are_at(struct kallsyms *k, size_t at)
{
	uint32_t count = get_u32(k, at);
	size_t end;

	if (count < KALLSYMS_COUNT_MIN || count > KALLSYMS_COUNT_MAX ||
	    get_u32(k, at + 4))
		return false;
	end = names_walk(k, at + 8, count);
	if (!end || (!markers_match(k, align8(end), count, 4) &&
		     !markers_match(k, align8(end), count, 8)))
		return false;
	k->count = count;
	k->num_at = at;
	k->names_at = at + 8;
	k->names_end = end;
	return true;
}

/* The count stands just below the names: step down until it fits them. */
static bool names_find(struct kallsyms *k)
{
	size_t top = k->token_table_at;
	size_t low = top > NAMES_BYTES_MAX ? top - NAMES_BYTES_MAX : 0;

	for (size_t at = top; at >= low + 8; at -= 8) {
		if (!work_spend(k, 1))
			return false;
		if (names_are_at(k, at - 8))
			return true;
	}
	return false;
}

int kallsyms_find(struct kallsyms *k, const struct kallsyms_area *area,
		  uint64_t text, uint64_t text_bytes)
{
	int err;

	k->area = *area;
	k->address = NULL;
	for (size_t at = 0; at + INDEX_BYTES <= area->bytes; at += 8) {
		if (!index_is_plausible(area->at + at) ||
		    !tokens_find(k, at) || !names_find(k))
			continue;
		err = kallsyms_address_find(k, text, text_bytes);
		if (err != -ENOENT)
			return err;
	}
	return -ENOENT;
}

/*
 * Into name, which holds SYMBOL_NAME_MAX and two tokens more. Most tokens are
 * short: all of a short one's room is copied, which beats asking how much.
 */
static size_t name_expand(const struct kallsyms *k, size_t at, size_t end,
			  char *name)
{
	size_t bytes = 0;

	for (; at < end && bytes < SYMBOL_NAME_MAX + 1; at++) {
		uint8_t token = k->area.at[at];

		if (k->token_bytes[token] <= TOKEN_SHORT)
			memcpy(name + bytes, k->token[token], TOKEN_SHORT);
		else
			memcpy(name + bytes, k->token[token],
			       k->token_bytes[token]);
		bytes += k->token_bytes[token];
	}
	return bytes;
}

static void wanted_check(struct kallsyms_wanted *w, unsigned int count,
			 const char *name, size_t bytes, uint64_t address)
{
	for (unsigned int i = 0; i < count; i++) {
		if (w[i].name[0] == name[0] && !w[i].address &&
		    !strncmp(w[i].name, name, bytes) && !w[i].name[bytes])
			w[i].address = address;
	}
}

int kallsyms_print(const struct kallsyms *k, struct symbol_text *t,
		   struct kallsyms_wanted *wanted, unsigned int wanted_count)
{
	/* the type is the first character of the first token */
	char name[1 + SYMBOL_NAME_MAX + 2 * KALLSYMS_TOKEN_MAX];
	size_t at = k->names_at, name_at;

	for (uint32_t i = 0; i < k->count; i++) {
		size_t end = name_next(k, at, k->names_end, &name_at);
		size_t bytes = name_expand(k, name_at, end, name) - 1;
		int err;

		at = end;
		if (!bytes)	/* the kernel does not show these either */
			continue;
		err = symbol_text_add(t, k->address[i], name[0], name + 1,
				      bytes, NULL);
		if (err)
			return err;
		wanted_check(wanted, wanted_count, name + 1, bytes,
			     k->address[i]);
	}
	return 0;
}

void kallsyms_free(struct kallsyms *k)
{
	free(k->address);
	k->address = NULL;
}
