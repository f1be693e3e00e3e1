/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events into groups, one for each kind of record.
 */
#include "exit-analyzer/stats/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/event_known.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A power of two; so many events later a bucket has come from memory. */
#define PENDING 16

/* A cost on its way into its row. */
struct pending {
	uint32_t row, cycles;
};

struct summary {
	struct key_context *context;
	struct group exits, flushes, calls;

	/* the last PENDING costs; those before are in their rows */
	struct pending pending[PENDING];
	uint64_t costs;

	struct summary_total total;
	uint64_t first_tsc, last_tsc;
	bool any;		/* first_tsc and last_tsc are set */
	struct summary_loss loss;
};

struct summary *summary_new(const enum key *keys, size_t count,
			    struct key_context *context)
{
	static const enum key flush_keys[] = {
		BY_CAUSE, BY_SCOPE, BY_GUEST, BY_VM, BY_ASID,
	};
	static const enum key call_keys[] = { BY_HYPERCALL, BY_VM };
	struct summary *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->context = context;
	if (!group_init(&s->exits, keys, count, sizeof(struct summary_row)) &&
	    !group_init(&s->flushes, flush_keys, ARRAY_SIZE(flush_keys),
			sizeof(uint64_t)) &&
	    !group_init(&s->calls, call_keys, ARRAY_SIZE(call_keys),
			sizeof(struct summary_row)))
		return s;
	summary_free(s);
	errno = ENOMEM;
	return NULL;
}

static struct summary_row *exit_row(const struct summary *s, size_t row)
{
	return group_row(&s->exits, row);
}

static struct summary_row *call_row(const struct summary *s, size_t row)
{
	return group_row(&s->calls, row);
}

void summary_free(struct summary *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < group_rows(&s->exits); i++)
		histogram_clear(&exit_row(s, i)->handle);
	for (size_t i = 0; i < group_rows(&s->calls); i++)
		histogram_clear(&call_row(s, i)->handle);
	group_exit(&s->exits);
	group_exit(&s->flushes);
	group_exit(&s->calls);
	free(s);
}

/* Adds a cost in a while: by then what it needs is in the cache. */
static int cost_add(struct summary *s, size_t row, uint32_t cycles)
{
	struct pending *p = &s->pending[s->costs & (PENDING - 1)];
	int err = 0;

	if (s->costs >= PENDING)
		err = histogram_add(&exit_row(s, p->row)->handle, p->cycles);
	histogram_prefetch(&exit_row(s, row)->handle, cycles);
	*p = (struct pending){ row, cycles };
	s->costs++;
	return err;
}

/* All costs into their rows; 0 or a negative errno. */
static int costs_settle(struct summary *s)
{
	uint64_t count = s->costs < PENDING ? s->costs : PENDING;
	int err = 0;

	for (uint64_t i = 0; !err && i < count; i++)
		err = histogram_add(&exit_row(s, s->pending[i].row)->handle,
				    s->pending[i].cycles);
	s->costs = 0;
	return err;
}

static int add_vmexit(struct summary *s, const struct event_header *ev,
		      unsigned int cpu)
{
	const struct event_vmexit *exit = (const void *)ev;
	ssize_t row = group_event(&s->exits, s->context, ev, cpu);

	if (row < 0)
		return row;
	s->total.count++;
	if (!event_knows(ev, EVENT_KNOWN_COST)) {
		exit_row(s, row)->costless++;
		s->total.costless++;
		return 0;
	}
	exit_row(s, row)->blocked_cycles += exit->blocked_cycles;
	s->total.blocked_cycles += exit->blocked_cycles;
	s->total.handle_cycles += exit->handle_cycles;
	return cost_add(s, row, exit->handle_cycles);
}

static int add_tlb_flush(struct summary *s, const struct event_header *ev,
			 unsigned int cpu)
{
	ssize_t row = group_event(&s->flushes, s->context, ev, cpu);

	if (row < 0)
		return row;
	++*(uint64_t *)group_row(&s->flushes, row);
	return 0;
}

static int add_hypercall(struct summary *s, const struct event_header *ev,
			 unsigned int cpu)
{
	const struct event_hypercall *call = (const void *)ev;
	ssize_t row = group_event(&s->calls, s->context, ev, cpu);

	if (row < 0)
		return row;
	if (event_knows(ev, EVENT_KNOWN_COST))
		return histogram_add(&call_row(s, row)->handle, call->cycles);
	call_row(s, row)->costless++;
	return 0;
}

static int add_call_chain(struct summary *s, const struct event_header *ev,
			  unsigned int cpu)
{
	(void)s;
	(void)ev;
	(void)cpu;
	return 0;
}

static int add_vm_state(struct summary *s, const struct event_header *ev,
			unsigned int cpu)
{
	(void)s;
	(void)ev;
	(void)cpu;
	return 0;
}

static int add_lost(struct summary *s, const struct event_header *ev,
		    unsigned int cpu)
{
	const struct event_lost *lost = (const void *)ev;

	(void)cpu;
	if (!s->loss.events || ev->tsc < s->loss.first_tsc)
		s->loss.first_tsc = ev->tsc;
	s->loss.events++;
	s->loss.missed += lost->missed;
	return 0;
}

struct event_kind {
	int (*add)(struct summary *s, const struct event_header *ev,
		   unsigned int cpu);
	size_t bytes;
};

static const struct event_kind kinds[] = {
#define EVENT(id, NAME, name, help) \
	[id] = { add_##name, sizeof(struct event_##name) },
#include "vmm-core/abi/events.def"
};

int summary_add(struct summary *s, const struct event_header *ev,
		unsigned int cpu)
{
	const struct event_kind *kind;

	if (ev->id >= ARRAY_SIZE(kinds) || !kinds[ev->id].add)
		return 0;
	kind = &kinds[ev->id];
	if ((size_t)ev->slots * EVENT_SLOT_BYTES < kind->bytes)
		return -EBADMSG;
	/* a loss is not a record: its TSC may be 0, before the first one */
	if (ev->id != EVENT_LOST) {
		if (!s->any || ev->tsc < s->first_tsc)
			s->first_tsc = ev->tsc;
		if (ev->tsc > s->last_tsc)
			s->last_tsc = ev->tsc;
		s->any = true;
	}
	return kind->add(s, ev, cpu);
}

static uint64_t cost_weight(const void *row)
{
	const struct summary_row *r = row;

	return r->handle.sum ? r->handle.sum : r->costless;
}

static uint64_t flush_weight(const void *row)
{
	return *(const uint64_t *)row;
}

static int rows_sort(const struct summary *s, struct group *g,
		     uint64_t (*weight)(const void *row),
		     struct summary_rows *rows)
{
	*rows = (struct summary_rows){
		.group = g,
		.context = s->context,
		.row = group_sort(g, s->context, weight),
		.count = group_rows(g),
	};
	return rows->row ? 0 : -ENOMEM;
}

int summary_exits(struct summary *s, struct summary_rows *rows)
{
	return costs_settle(s) ?: rows_sort(s, &s->exits, cost_weight, rows);
}

int summary_flushes(struct summary *s, struct summary_rows *rows)
{
	return rows_sort(s, &s->flushes, flush_weight, rows);
}

int summary_calls(struct summary *s, struct summary_rows *rows)
{
	return rows_sort(s, &s->calls, cost_weight, rows);
}

size_t summary_key_count(const struct summary *s)
{
	return s->exits.keys;
}

enum key summary_key_at(const struct summary *s, size_t i)
{
	return s->exits.key[i];
}

struct summary_total summary_total(const struct summary *s)
{
	return s->total;
}

uint64_t summary_first_tsc(const struct summary *s)
{
	return s->first_tsc;
}

uint64_t summary_last_tsc(const struct summary *s)
{
	return s->last_tsc;
}

struct summary_loss summary_loss(const struct summary *s)
{
	return s->loss;
}
