/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cost of an event in vmtop: reading it out of a ring alone, and with all that
 * is counted of it, the interval's end included. At a million events a second,
 * 50 ns an event are 5% of a core. Prints each figure with its limit; 1 if one
 * missed it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/made_exit.h"
#include "tests/random.h"
#include "tracer/source/ring_reader.h"
#include "vmm-core/trace/ring_writer.h"
#include "exit-analyzer/live/interval_counter.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define SLOTS		(1u << 20)	/* 64 MiB, as the core has by default */
#define EVENTS		(SLOTS / 2)	/* read in one go */
#define ROUNDS		9
#define NS_MAX		50.0

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static const struct origin_vm vm = { .name = "bench", .vcpus = 2 };

static const struct origin origin = {
	.isas = ORIGIN_ISA(ISA_SVM), .clock.tsc_khz = 1000000, .cpus = 1,
	.vms = 1, .vm = &vm,
};

static struct ring *ring_make(void)
{
	struct ring *ring = aligned_alloc(4096, RING_BYTES((size_t)SLOTS));

	if (!ring)
		abort();
	memset(ring, 0, RING_BYTES((size_t)SLOTS));
	ring_init(ring, 0, SLOTS);
	return ring;
}

static void events_write(struct ring *ring, unsigned int sites)
{
	for (unsigned int i = 0; i < EVENTS; i++) {
		struct event_vmexit *ev = ring_slot(ring);

		*ev = made_exit(i * 1000ull, random_next(), sites);
		ev->h.seq = ring_seq(ring);
		ring_commit(ring, 1);
	}
}

/* ns an event; without a counter the reading alone. */
static double drain(struct ring_reader *reader,
		    struct interval_counter *counter)
{
	double start = cpu_ns();
	const struct event_header *ev;
	unsigned int count = 0;
	struct snapshot *snap;
	int records;

	while ((records = ring_reader_peek(reader, &ev)) > 0) {
		if (counter && interval_counter_add(counter, ev, records, 0))
			abort();
		ring_reader_take(reader, records);
		count += records;
	}
	if (counter) {
		snap = interval_counter_end(counter,
						      INTERVAL_END_NOW);
		if (!snap || snap->read != EVENTS)
			abort();
		snapshot_free(snap);
	}
	if (count != EVENTS)
		abort();
	return (cpu_ns() - start) / count;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct figure {
	const char *name;
	unsigned int sites;
	bool sampled;
	double limit;		/* 0: for information */
};

static const struct figure figures[] = {
	{ "reading a ring alone", 400, false, 0 },
	{ "400 places, 2 vCPUs", 400, true, NS_MAX },
	{ "2000 places, 2 vCPUs", 2000, true, NS_MAX },
	{ "50000 places, 2 vCPUs", 50000, true, 0 },
};

static double measure(struct ring *ring, const struct figure *f)
{
	struct ring_reader *reader = ring_reader_open(ring, RING_BYTES(SLOTS),
						      false);
	struct interval_counter *counter =
		f->sampled ? interval_counter_new(&origin) : NULL;
	double ns[ROUNDS];

	if (!reader || (f->sampled && !counter))
		abort();
	for (unsigned int i = 0; i < ROUNDS; i++) {
		events_write(ring, f->sites);
		ns[i] = drain(reader, counter);
	}
	interval_counter_free(counter);
	ring_reader_close(reader);
	qsort(ns, ROUNDS, sizeof(*ns), compare);
	return ns[ROUNDS / 2];
}

int main(void)
{
	struct ring *ring = ring_make();
	int status = 0;

	for (size_t i = 0; i < ARRAY_SIZE(figures); i++) {
		const struct figure *f = &figures[i];
		double ns = measure(ring, f);

		printf("vmtop %-28s %6.1f ns an event", f->name, ns);
		if (f->limit)
			printf("  (at most %.0f)", f->limit);
		putchar('\n');
		if (f->limit && ns > f->limit)
			status = 1;
	}
	free(ring);
	return status;
}
