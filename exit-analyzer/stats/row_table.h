/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a key of a few 64-bit words to the number of its row: 0 for the first
 * key seen, 1 for the next. Rows themselves are the caller's arrays.
 *
 * Keys come from guests, so the hash is seeded anew for every table: none can
 * choose keys that collide, and no output can come to depend on hash order.
 */
#ifndef EXIT_ANALYZER_STATS_ROW_TABLE_H
#define EXIT_ANALYZER_STATS_ROW_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct row_table {
	size_t rows;		/* keys held */
	/* Private Part */
	size_t words;		/* of a key */
	size_t rows_max;	/* room in keys */
	size_t slots;		/* a power of two, at least twice rows */
	uint64_t seed[2];	/* the second is odd */
	uint64_t *keys;		/* of row i: words from i * words on */
	uint32_t *slot;		/* row + 1; 0: free */
};

/* 0 or -ENOMEM. */
int row_table_init(struct row_table *t, size_t words);
void row_table_exit(struct row_table *t);
/* The row of this key; -ENOENT: it was not seen yet. */
ssize_t row_table_known(const struct row_table *t, const uint64_t *key);
/* The row of this key, which is a new one if it was t->rows; or -ENOMEM. */
ssize_t row_table_find(struct row_table *t, const uint64_t *key);
const uint64_t *row_table_key(const struct row_table *t, size_t row);

#endif
