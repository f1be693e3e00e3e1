/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace summed up: exits grouped by any sort keys, TLB flushes by cause and
 * ASID, hypercalls by number, and exactly what was missed. Reports print it,
 * comparisons compare it.
 *
 * A summary belongs to one thread. Rows that it returns are valid until the
 * next summary_add().
 */
#ifndef EXIT_ANALYZER_STATS_SUMMARY_H
#define EXIT_ANALYZER_STATS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit-analyzer/stats/group.h"
#include "exit-analyzer/stats/histogram.h"

struct summary;

struct summary_row {
	struct histogram handle;	/* handle_cycles, of those that say it */
	uint64_t blocked_cycles;
	uint64_t costless;		/* events whose cost is not known */
};

static inline uint64_t summary_row_events(const struct summary_row *row)
{
	return row->handle.count + row->costless;
}

/* All exits together, the costless counted. */
struct summary_total {
	uint64_t count, handle_cycles, blocked_cycles, costless;
};

struct summary_loss {
	uint64_t missed;	/* records */
	uint64_t events;	/* times it happened */
	uint64_t first_tsc;	/* of the last record before the first time */
};

/* keys[count] in order; the context is borrowed. NULL and errno. */
struct summary *summary_new(const enum key *keys, size_t count,
			    struct key_context *context);
void summary_free(struct summary *s);
/*
 * 0; -ENOMEM; -EOVERFLOW (2^32 exits of one row and cost); -EBADMSG: the
 * record is shorter than its kind. Kinds not known are skipped.
 */
int summary_add(struct summary *s, const struct event_header *ev,
		unsigned int cpu);

/* Rows of one kind of records, sorted: those that cost most come first. */
struct summary_rows {
	const struct group *group;
	const struct key_context *context;
	const uint32_t *row;	/* numbers in the group, in order */
	size_t count;
};

/* Rows are struct summary_row. 0 or -errno, as summary_add(). */
int summary_exits(struct summary *s, struct summary_rows *rows);
/* Rows are uint64_t, a count, by cause, scope, guest, vm and asid. */
int summary_flushes(struct summary *s, struct summary_rows *rows);
/* Rows are struct summary_row, by hypercall and vm. */
int summary_calls(struct summary *s, struct summary_rows *rows);

/* The i-th row in order, and what it has of the rows' key k. */
static inline const void *summary_row_at(const struct summary_rows *rows,
					 size_t i)
{
	return group_row(rows->group, rows->row[i]);
}

static inline struct key_value
summary_value_at(const struct summary_rows *rows, size_t i, size_t k)
{
	return group_value(rows->group, rows->row[i], k);
}

size_t summary_key_count(const struct summary *s);
enum key summary_key_at(const struct summary *s, size_t i);
struct summary_total summary_total(const struct summary *s);
/* The earliest and the latest TSC of a record; 0 when there was none. */
uint64_t summary_first_tsc(const struct summary *s);
uint64_t summary_last_tsc(const struct summary *s);
struct summary_loss summary_loss(const struct summary *s);

#endif
