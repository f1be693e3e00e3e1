/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes by cr3 and time, searched by halves; the last answer is kept with
 * the time that it holds for, as exits of one process come in rows.
 */
#include "tracer/symbol/process_map.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/event/printable.h"
#include "tracer/symbol/guest_cr3.h"

struct change {
	uint64_t cr3, from_tsc;
	size_t order;			/* in the file */
	const struct process_name *name; /* NULL: gone */
};

struct process_map {
	struct change *change;
	size_t changes;
	uint64_t *change_tsc;		/* of all, in order */
	struct process_name *name;
	size_t names;
	/*
	 * A kernel with isolation has its tables in pairs, and the even one
	 * is what it keeps; tables at odd places are those of one without.
	 */
	bool no_pairs;
	uint64_t unwatched_tsc;		/* from then on nobody is known */
	struct {
		uint64_t cr3, from_tsc, end_tsc;
		const struct process_name *name;
	} last;
};

static int name_compare(const void *a, const void *b)
{
	const struct process_name *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return strcmp(x->comm, y->comm);
}

static int change_compare(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	if (x->cr3 != y->cr3)
		return x->cr3 < y->cr3 ? -1 : 1;
	if (x->from_tsc != y->from_tsc)
		return x->from_tsc < y->from_tsc ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* A file is not trusted to have cleaned what a guest said. */
static struct process_name name_of(const struct trace_process *p)
{
	struct process_name n = { .pid = p->pid };

	memcpy(n.comm, p->comm, sizeof(n.comm) - 1);
	for (char *c = n.comm; *c; c++) {
		if (!is_printable(*c))
			*c = '?';
	}
	/* behind its end may be anything */
	memset(n.comm + strlen(n.comm), 0, sizeof(n.comm) - strlen(n.comm));
	return n;
}

static void names_take(struct process_map *m, const struct trace_process *p,
		       size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (p[i].state == TRACE_PROCESS_SEEN)
			m->name[m->names++] = name_of(&p[i]);
	}
	qsort(m->name, m->names, sizeof(*m->name), name_compare);
	for (size_t i = 0; i < m->names; i++) {
		if (!kept || name_compare(&m->name[i], &m->name[kept - 1]))
			m->name[kept++] = m->name[i];
	}
	m->names = kept;
}

static int tsc_compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void changes_take(struct process_map *m, const struct trace_process *p,
			 size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct process_name name = name_of(&p[i]);
		struct change *c = &m->change[i];

		*c = (struct change){
			.cr3 = p[i].cr3 & GUEST_CR3_TABLE,
			.from_tsc = p[i].from_tsc,
			.order = i,
		};
		if (p[i].state == TRACE_PROCESS_SEEN)
			c->name = bsearch(&name, m->name, m->names,
					  sizeof(name), name_compare);
		if (p[i].state == TRACE_PROCESS_UNWATCHED &&
		    p[i].from_tsc < m->unwatched_tsc)
			m->unwatched_tsc = p[i].from_tsc;
		m->no_pairs |= !!(c->cr3 & GUEST_CR3_USER_TABLE);
		m->change_tsc[i] = p[i].from_tsc;
	}
	m->changes = count;
	qsort(m->change_tsc, count, sizeof(*m->change_tsc), tsc_compare);
	qsort(m->change, count, sizeof(*m->change), change_compare);
}

struct process_map *process_map_new(const struct trace_process *changes,
				    size_t count)
{
	struct process_map *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->unwatched_tsc = UINT64_MAX;
	m->change = calloc(count + 1, sizeof(*m->change));
	m->name = calloc(count + 1, sizeof(*m->name));
	m->change_tsc = calloc(count + 1, sizeof(*m->change_tsc));
	if (!m->change || !m->name || !m->change_tsc) {
		process_map_free(m);
		return NULL;
	}
	names_take(m, changes, count);
	changes_take(m, changes, count);
	return m;
}

void process_map_free(struct process_map *m)
{
	if (!m)
		return;
	free(m->change);
	free(m->change_tsc);
	free(m->name);
	free(m);
}

/* The last change of this table up to then, and *end, when the next one is. */
static const struct change *change_find(const struct process_map *m,
					uint64_t table, uint64_t tsc,
					uint64_t *end)
{
	size_t low = 0, high = m->changes;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct change *c = &m->change[mid];

		if (c->cr3 < table || (c->cr3 == table && c->from_tsc <= tsc))
			low = mid + 1;
		else
			high = mid;
	}
	*end = UINT64_MAX;
	if (low < m->changes && m->change[low].cr3 == table)
		*end = m->change[low].from_tsc;
	return low && m->change[low - 1].cr3 == table ? &m->change[low - 1] :
							NULL;
}

const struct process_name *process_map_find(struct process_map *m,
					    uint64_t cr3, uint64_t tsc)
{
	uint64_t table = cr3 & GUEST_CR3_TABLE, end;
	const struct change *c;

	if (!m || tsc >= m->unwatched_tsc)
		return NULL;
	if (m->last.cr3 == cr3 && tsc >= m->last.from_tsc &&
	    tsc < m->last.end_tsc)
		return m->last.name;
	c = change_find(m, table, tsc, &end);
	if (!c && end == UINT64_MAX && !m->no_pairs)
		c = change_find(m, table & ~GUEST_CR3_USER_TABLE, tsc, &end);
	m->last.cr3 = cr3;
	m->last.from_tsc = c ? c->from_tsc : 0;
	m->last.end_tsc = end;
	m->last.name = c ? c->name : NULL;
	return m->last.name;
}

uint64_t process_map_unwatched_tsc(const struct process_map *m)
{
	return m ? m->unwatched_tsc : UINT64_MAX;
}

uint64_t process_map_next_change(const struct process_map *m, uint64_t tsc)
{
	size_t low = 0, high = m ? m->changes : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->change_tsc[mid] <= tsc)
			low = mid + 1;
		else
			high = mid;
	}
	return m && low < m->changes ? m->change_tsc[low] : UINT64_MAX;
}

const struct process_name *process_map_names(const struct process_map *m,
					     size_t *count)
{
	*count = m ? m->names : 0;
	return m ? m->name : NULL;
}
