/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Merging the CPUs of a trace. Records of one CPU keep the order they were
 * committed in: among the CPUs, the one whose next record began first is
 * next, and of equals the first CPU.
 */
#include "vmprof/time_order.h"

#include <stdlib.h>

#include "vmprof/cmd.h"

struct cpu_stream {
	struct trace_input *in;		/* the caller's, or own */
	struct trace_input own;
	const struct event_header *next; /* NULL: it has ended */
};

struct time_order {
	unsigned int cpus;
	bool started;
	unsigned int last;		/* whose record was handed out */
	struct cpu_stream stream[ANCHOR_CPUS_MAX];
};

static int stream_advance(struct cpu_stream *stream, unsigned int cpu)
{
	const struct event_header *ev;
	unsigned int of_cpu;
	int more;

	do {
		more = trace_input_next(stream->in, &ev, &of_cpu);
	} while (more > 0 && of_cpu != cpu);
	stream->next = more > 0 ? ev : NULL;
	return more < 0 ? more : 0;
}

struct time_order *time_order_open(struct trace_input *in)
{
	struct time_order *t = calloc(1, sizeof(*t));
	unsigned int cpus = source_cpus(in->source);

	if (!t) {
		cmd_error("%s: out of memory", in->path);
		return NULL;
	}
	t->stream[0].in = in;
	for (t->cpus = 1; t->cpus < cpus; t->cpus++) {
		struct cpu_stream *stream = &t->stream[t->cpus];

		stream->in = &stream->own;
		if (trace_input_open_events(stream->in, in->path)) {
			time_order_close(t);
			return NULL;
		}
	}
	return t;
}

static int streams_start(struct time_order *t)
{
	int err = 0;

	for (unsigned int cpu = 0; !err && cpu < t->cpus; cpu++)
		err = stream_advance(&t->stream[cpu], cpu);
	t->started = true;
	return err;
}

int time_order_next(struct time_order *t, const struct event_header **ev,
		    unsigned int *cpu)
{
	const struct event_header *first = NULL;
	int err = t->started ? stream_advance(&t->stream[t->last], t->last) :
			       streams_start(t);

	if (err)
		return err;
	for (unsigned int i = 0; i < t->cpus; i++) {
		const struct event_header *next = t->stream[i].next;

		if (next && (!first || next->tsc < first->tsc)) {
			first = next;
			t->last = i;
		}
	}
	*ev = first;
	*cpu = t->last;
	return first != NULL;
}

void time_order_close(struct time_order *t)
{
	if (!t)
		return;
	for (unsigned int cpu = 0; cpu < t->cpus; cpu++)
		trace_input_close(&t->stream[cpu].own);
	free(t);
}
