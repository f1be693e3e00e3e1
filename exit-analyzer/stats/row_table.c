/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open addressing with linear probing, half full at most.
 */
#include "exit-analyzer/stats/row_table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define ROWS_FIRST 64

int row_table_init(struct row_table *t, size_t words)
{
	memset(t, 0, sizeof(*t));
	t->words = words;
	t->rows_max = ROWS_FIRST;
	t->slots = 2 * ROWS_FIRST;
	/* without entropy the table is merely predictable */
	if (getrandom(t->seed, sizeof(t->seed), GRND_NONBLOCK) < 0)
		t->seed[0] = t->seed[1] = 0x9e3779b97f4a7c15;
	t->seed[1] |= 1;
	t->keys = calloc(t->rows_max * words, sizeof(*t->keys));
	t->slot = calloc(t->slots, sizeof(*t->slot));
	if (t->keys && t->slot)
		return 0;
	row_table_exit(t);
	return -ENOMEM;
}

void row_table_exit(struct row_table *t)
{
	free(t->keys);
	free(t->slot);
	memset(t, 0, sizeof(*t));
}

const uint64_t *row_table_key(const struct row_table *t, size_t row)
{
	return &t->keys[row * t->words];
}

static size_t key_slot(const struct row_table *t, const uint64_t *key)
{
	uint64_t hash = t->seed[0];

	/* a few words are cheaper to mix than to hand to a hash of bytes */
	for (size_t i = 0; i < t->words; i++) {
		unsigned __int128 x = (unsigned __int128)(hash ^ key[i]) *
				      t->seed[1];

		hash = (uint64_t)x ^ (uint64_t)(x >> 64);
	}
	return hash & (t->slots - 1);
}

static int row_table_grow(struct row_table *t)
{
	size_t slots = 2 * t->slots;
	uint32_t *slot = calloc(slots, sizeof(*slot));
	uint64_t *keys;

	if (!slot || t->rows_max > UINT32_MAX / 2)
		goto out_free;
	keys = reallocarray(t->keys, 2 * t->rows_max,
			    t->words * sizeof(*keys));
	if (!keys)
		goto out_free;
	free(t->slot);
	t->keys = keys;
	t->rows_max *= 2;
	t->slot = slot;
	t->slots = slots;
	for (size_t row = 0; row < t->rows; row++) {
		size_t i = key_slot(t, row_table_key(t, row));

		while (slot[i])
			i = (i + 1) & (slots - 1);
		slot[i] = row + 1;
	}
	return 0;
out_free:
	free(slot);
	return -ENOMEM;
}

static bool key_equal(const uint64_t *a, const uint64_t *b, size_t words)
{
	while (words--)
		if (a[words] != b[words])
			return false;
	return true;
}

/* The slot that has the key, or the free one where it would be. */
static size_t key_find(const struct row_table *t, const uint64_t *key)
{
	size_t i = key_slot(t, key);

	while (t->slot[i] && !key_equal(row_table_key(t, t->slot[i] - 1), key,
					t->words))
		i = (i + 1) & (t->slots - 1);
	return i;
}

ssize_t row_table_known(const struct row_table *t, const uint64_t *key)
{
	size_t i = key_find(t, key);

	return t->slot[i] ? (ssize_t)t->slot[i] - 1 : -ENOENT;
}

ssize_t row_table_find(struct row_table *t, const uint64_t *key)
{
	size_t i = key_find(t, key);

	if (t->slot[i])
		return t->slot[i] - 1;
	if (t->rows == t->rows_max) {
		int err = row_table_grow(t);

		return err ? err : row_table_find(t, key);
	}
	memcpy(&t->keys[t->rows * t->words], key, t->words * sizeof(*key));
	t->slot[i] = t->rows + 1;
	return t->rows++;
}
