/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gaps in the numbers of a CPU's records.
 */
#include "tracer/source/file_gaps.h"

#include <errno.h>
#include <stdlib.h>

int file_gaps_add(struct file_gaps *g, const struct file_gap *gap)
{
	struct file_gap *grown;

	if (g->count == g->room) {
		g->room = g->room ? 2 * g->room : 8;
		grown = reallocarray(g->gap, g->room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		g->gap = grown;
	}
	g->gap[g->count++] = *gap;
	return 0;
}

/* The first damage in a gap is what it is there for. */
static struct trace_damage *gap_cause(struct file_chunks *l,
				      const struct file_gap *gap)
{
	for (size_t i = 0; i < l->damages; i++) {
		struct trace_damage *d = &l->damage[i];

		if (d->from_byte >= gap->after_byte &&
		    d->from_byte < gap->before_byte)
			return d;
	}
	if (file_chunks_damage(l, gap->before_byte, gap->before_byte,
			       "records are missing before it"))
		return NULL;
	return &l->damage[l->damages - 1];
}

static int gap_explain(struct file_chunks *l, const struct file_gap *gap)
{
	struct trace_damage *d = gap_cause(l, gap);

	if (!d)
		return -ENOMEM;
	d->records += gap->records;
	if (gap->from_tsc && (!d->from_tsc || gap->from_tsc < d->from_tsc))
		d->from_tsc = gap->from_tsc;
	if (gap->to_tsc > d->to_tsc)
		d->to_tsc = gap->to_tsc;
	return 0;
}

int file_gaps_explain(const struct file_gaps *g, struct file_chunks *l)
{
	int err = 0;

	for (size_t i = 0; !err && i < g->count; i++)
		err = gap_explain(l, &g->gap[i]);
	return err;
}

static int damage_order(const void *a, const void *b)
{
	const struct trace_damage *x = a, *y = b;

	return (x->from_byte > y->from_byte) - (x->from_byte < y->from_byte);
}

void file_damage_sort(struct file_chunks *l)
{
	if (l->damages)
		qsort(l->damage, l->damages, sizeof(*l->damage), damage_order);
}
