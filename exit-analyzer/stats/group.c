/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values are packed into words only here: the numbers of all keys, then their
 * kinds, a byte each.
 */
#include "exit-analyzer/stats/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/stats/rows.h"

#define KINDS_A_WORD	8

_Static_assert(KEY_FAILED <= 0xff, "a kind is a byte");

int group_init(struct group *g, const enum key *keys, size_t count,
	       size_t row_bytes)
{
	memset(g, 0, sizeof(*g));
	memcpy(g->key, keys, count * sizeof(*keys));
	g->keys = count;
	g->row_bytes = row_bytes;
	return row_table_init(&g->table, count + (count + KINDS_A_WORD - 1) /
						 KINDS_A_WORD);
}

void group_exit(struct group *g)
{
	row_table_exit(&g->table);
	free(g->row);
	free(g->sorted);
	memset(g, 0, sizeof(*g));
}

/*
 * Packs a value behind those before it; i: its number among the keys. The
 * kinds grow in a word until it is full.
 */
static inline void word_put(const struct group *g, uint64_t *words, size_t i,
			    struct key_value v, uint64_t *kinds)
{
	words[i] = v.number;
	*kinds = *kinds << 8 | v.kind;
	words[g->keys + i / KINDS_A_WORD] = *kinds;
}

static bool words_pack(const struct group *g, const struct key_value *values,
		       uint64_t words[GROUP_WORDS_MAX])
{
	bool failed = false;
	uint64_t kinds = 0;

	for (size_t i = 0; i < g->keys; i++) {
		word_put(g, words, i, values[i], &kinds);
		failed |= values[i].kind == KEY_FAILED;
	}
	return !failed;
}

static inline ssize_t words_find(struct group *g, const uint64_t *words)
{
	/* before the table may count a row that has no room */
	void *grown = rows_reserve(g->row, &g->rows_max, g->table.rows,
				   g->row_bytes);

	if (!grown)
		return -ENOMEM;
	g->row = grown;
	return row_table_find(&g->table, words);
}

ssize_t group_known(const struct group *g, const struct key_value *values)
{
	uint64_t words[GROUP_WORDS_MAX];

	return words_pack(g, values, words) ?
		row_table_known(&g->table, words) : -ENOMEM;
}

ssize_t group_find(struct group *g, const struct key_value *values)
{
	uint64_t words[GROUP_WORDS_MAX];

	return words_pack(g, values, words) ? words_find(g, words) : -ENOMEM;
}

void group_values(const struct group *g, struct key_context *c,
		  const struct event_header *ev, unsigned int cpu,
		  struct key_value *values)
{
	for (size_t i = 0; i < g->keys; i++)
		values[i] = key_rows[g->key[i]].of_event(c, ev, cpu);
}

ssize_t group_event(struct group *g, struct key_context *c,
		    const struct event_header *ev, unsigned int cpu)
{
	uint64_t words[GROUP_WORDS_MAX], kinds = 0;

	for (size_t i = 0; i < g->keys; i++) {
		struct key_value v = key_rows[g->key[i]].of_event(c, ev, cpu);

		if (v.kind == KEY_FAILED)
			return -ENOMEM;
		word_put(g, words, i, v, &kinds);
	}
	return words_find(g, words);
}

struct key_value group_value(const struct group *g, size_t row, size_t i)
{
	const uint64_t *words = row_table_key(&g->table, row);
	uint64_t kinds = words[g->keys + i / KINDS_A_WORD];
	size_t last = (i | (KINDS_A_WORD - 1)) < g->keys ?
		      i | (KINDS_A_WORD - 1) : g->keys - 1;

	/* the last of a word's kinds is in its lowest byte */
	return (struct key_value){ words[i], kinds >> 8 * (last - i) & 0xff };
}

struct sorting {
	const struct group *group;
	const struct key_context *context;
};

/* A row's weight is asked once: rows are far apart in memory. */
struct weighed {
	uint64_t weight;
	uint32_t row;
};

static int weighed_compare(const void *a, const void *b, void *sorting)
{
	const struct weighed *x = a, *y = b;
	const struct sorting *s = sorting;
	const struct group *g = s->group;
	int order = (y->weight > x->weight) - (y->weight < x->weight);

	for (size_t i = 0; !order && i < g->keys; i++) {
		struct key_value v = group_value(g, x->row, i);
		struct key_value w = group_value(g, y->row, i);

		order = key_compare(s->context, g->key[i], &v, &w);
	}
	return order;
}

const uint32_t *group_sort(struct group *g, const struct key_context *c,
			   uint64_t (*weight)(const void *row))
{
	struct sorting sorting = { g, c };
	size_t rows = group_rows(g);
	uint32_t *sorted = reallocarray(g->sorted, rows + 1, sizeof(*sorted));
	struct weighed *weighed = calloc(rows + 1, sizeof(*weighed));

	if (sorted)
		g->sorted = sorted;
	if (!sorted || !weighed) {
		free(weighed);
		return NULL;
	}
	for (size_t i = 0; i < rows; i++)
		weighed[i] = (struct weighed){ weight(group_row(g, i)), i };
	qsort_r(weighed, rows, sizeof(*weighed), weighed_compare, &sorting);
	for (size_t i = 0; i < rows; i++)
		sorted[i] = weighed[i].row;
	free(weighed);
	return sorted;
}
