/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records in memory as a source.
 */
#include "tracer/source/made_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_BYTES	65536
/* as file_source.c's, for the same reasons */
#define RUN_RECORDS_MAX	128

static int room_make(struct made_stream *stream, size_t bytes)
{
	size_t room = stream->room ? stream->room : ROOM_BYTES;
	char *grown;

	if (stream->room - stream->bytes >= bytes)
		return 0;
	while (room - stream->bytes < bytes)
		room *= 2;
	grown = realloc(stream->at, room);
	if (!grown)
		return -ENOMEM;
	stream->at = grown;
	stream->room = room;
	return 0;
}

static int record_put(struct made_stream *stream,
		      const struct event_header *ev)
{
	size_t bytes = ev->slots * (size_t)EVENT_SLOT_BYTES;
	struct event_header *to;
	int err = room_make(stream, bytes);

	if (err)
		return err;
	to = (struct event_header *)(stream->at + stream->bytes);
	memcpy(to, ev, bytes);
	to->seq = (__u32)(stream->made + stream->lost);
	stream->bytes += bytes;
	return 0;
}

int made_source_add(struct made_source *m, unsigned int cpu,
		    const struct event_header *ev)
{
	struct made_stream *stream;
	int err;

	if (cpu >= ANCHOR_CPUS_MAX)
		return -E2BIG;
	stream = &m->stream[cpu];
	err = record_put(stream, ev);
	if (err)
		return err;
	stream->made++;
	stream->last_tsc = ev->tsc;
	if (ev->tsc > m->last_tsc)
		m->last_tsc = ev->tsc;
	m->exits += ev->id == EVENT_VMEXIT;
	m->hypercalls += ev->id == EVENT_HYPERCALL;
	if (cpu >= m->s.origin.cpus)
		m->s.origin.cpus = cpu + 1;
	return 0;
}

int made_source_lost(struct made_source *m, unsigned int cpu, uint64_t missed,
		     uint64_t resumed_tsc)
{
	struct made_stream *stream;
	struct event_lost lost = {
		.h = { .id = EVENT_LOST, .slots = 1, .vm = EVENT_NO_VM },
		.missed = missed,
		.resumed_tsc = resumed_tsc,
	};
	int err;

	if (!missed)
		return 0;
	if (cpu >= ANCHOR_CPUS_MAX)
		return -E2BIG;
	stream = &m->stream[cpu];
	lost.h.tsc = stream->made ? stream->last_tsc : resumed_tsc;
	err = record_put(stream, &lost.h);
	if (err)
		return err;
	stream->lost += missed;
	if (cpu >= m->s.origin.cpus)
		m->s.origin.cpus = cpu + 1;
	return 0;
}

void made_source_vm(struct made_source *m, unsigned int vm, const char *name,
		    unsigned int vcpus)
{
	struct origin_vm *to = &m->vm[vm];
	unsigned int first = 0;

	if (vm >= ANCHOR_VMS_MAX)
		return;
	for (unsigned int i = 0; i < vm; i++)
		first += m->vm[i].vcpus;
	if (vcpus > ANCHOR_VCPUS_MAX - first)
		vcpus = ANCHOR_VCPUS_MAX - first;
	snprintf(to->name, sizeof(to->name), "%s", name);
	to->state = VM_STATE_RUNNING;
	to->vcpus = vcpus;
	to->first_vcpu = first;
	if (vm >= m->vms)
		m->vms = vm + 1;
}

static bool alike(const struct event_header *a, const struct event_header *b)
{
	return a->id == b->id && a->slots == b->slots && a->vm == b->vm;
}

static unsigned int run_length(const struct made_stream *stream)
{
	const struct event_header *first =
		(const void *)(stream->at + stream->next);
	size_t max = (stream->bytes - stream->next) /
		((size_t)first->slots * EVENT_SLOT_BYTES);
	unsigned int n = 1;

	if (first->id == EVENT_LOST)
		return 1;
	if (max > RUN_RECORDS_MAX)
		max = RUN_RECORDS_MAX;
	while (n < max && alike(event_run_record(first, n), first))
		n++;
	return n;
}

static int made_source_read(struct source *s, unsigned int cpu,
			    struct event_run *run)
{
	struct made_stream *stream = &((struct made_source *)s)->stream[cpu];

	if (stream->next == stream->bytes)
		return 0;
	run->cpu = cpu;
	run->first = (const void *)(stream->at + stream->next);
	run->count = run_length(stream);
	stream->next += run->count * run->first->slots *
		(size_t)EVENT_SLOT_BYTES;
	if (run->first->id == EVENT_LOST)
		stream->missed += ((const struct event_lost *)
				   run->first)->missed;
	else
		stream->read += run->count;
	return 1;
}

static void made_source_counts(const struct source *s, unsigned int cpu,
			       struct source_cpu_counts *counts)
{
	const struct made_stream *stream =
		&((const struct made_source *)s)->stream[cpu];

	counts->read = stream->read;
	counts->missed = stream->missed;
	counts->written = stream->read + stream->missed;
}

static void made_source_close(struct source *s)
{
	made_source_free((struct made_source *)s);
}

static const struct source_ops made_source_ops = {
	.read = made_source_read,
	.counts = made_source_counts,
	.close = made_source_close,
};

struct made_source *made_source_new(void)
{
	struct made_source *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->s.ops = &made_source_ops;
	m->s.file = &m->info;
	return m;
}

int made_source_begin(struct made_source *m)
{
	m->info.ended = !m->info.cut;
	m->info.end = (struct trace_end){
		.end_tsc = m->last_tsc,
		.machine_state = MACHINE_STOPPED,
		.cpus = m->s.origin.cpus,
		.exits = m->exits,
		.hypercalls = m->hypercalls,
	};
	for (unsigned int vm = 0; vm < m->vms; vm++)
		if (origin_add_vm(&m->s.origin, &m->vm[vm]))
			return -ENOMEM;
	return source_init(&m->s, m->s.origin.cpus);
}

void made_source_free(struct made_source *m)
{
	if (!m)
		return;
	for (unsigned int i = 0; i < ANCHOR_CPUS_MAX; i++)
		free(m->stream[i].at);
	source_exit(&m->s);
	free(m);
}
