/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events grouped by keys: one row for all events whose keys have the same
 * values. A row is row_bytes of the caller's counters, zero at first.
 *
 * Rows have numbers in the order they were first seen. One thread at a time.
 */
#ifndef EXIT_ANALYZER_STATS_GROUP_H
#define EXIT_ANALYZER_STATS_GROUP_H

#include "exit-analyzer/stats/key.h"
#include "exit-analyzer/stats/row_table.h"

/* A word for each key and one for the kinds of up to eight of them. */
#define GROUP_WORDS_MAX	(KEYS + (KEYS + 7) / 8)

struct group {
	enum key key[KEYS];	/* in the order given */
	size_t keys;
	/* Private Part */
	struct row_table table;
	size_t row_bytes, rows_max;
	char *row;
	uint32_t *sorted;
};

/* 0 or -ENOMEM. */
int group_init(struct group *g, const enum key *keys, size_t count,
	       size_t row_bytes);
/* The caller frees before what rows point to. A zeroed struct is fine. */
void group_exit(struct group *g);

/* The number of the event's row, or -ENOMEM. */
ssize_t group_event(struct group *g, struct key_context *c,
		    const struct event_header *ev, unsigned int cpu);

/* An event's values, one for each key. */
void group_values(const struct group *g, struct key_context *c,
		  const struct event_header *ev, unsigned int cpu,
		  struct key_value *values);
/* The row of these values, a new one if need be; or -ENOMEM. */
ssize_t group_find(struct group *g, const struct key_value *values);
/* The same; -ENOENT: there is none yet. */
ssize_t group_known(const struct group *g, const struct key_value *values);

static inline size_t group_rows(const struct group *g)
{
	return g->table.rows;
}

static inline void *group_row(const struct group *g, size_t row)
{
	return g->row + row * g->row_bytes;
}

/* The value that a row has of g->key[i]. */
struct key_value group_value(const struct group *g, size_t row, size_t i);

/*
 * The numbers of all rows, those of the greatest weight first, ties by key.
 * NULL: out of memory. Valid until the next group_sort() or group_exit().
 */
const uint32_t *group_sort(struct group *g, const struct key_context *c,
			   uint64_t (*weight)(const void *row));

#endif
