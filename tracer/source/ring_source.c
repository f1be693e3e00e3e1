/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rings of a machine as one source: anchor, then a reader a CPU.
 *
 * The mapping is written by the machine while we look, and is not trusted:
 * the anchor is copied first, and only the copy is checked and used.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/source/ring_reader.h"
#include "tracer/source/source.h"
#include "tracer/source/source_ops.h"

#define RING_ALIGN	4096

struct ring_source {
	struct source s;
	struct ring_reader *reader[ANCHOR_CPUS_MAX];
};

static const char *origin_from_anchor(struct origin *o, const struct anchor *a,
				      const struct machine_view *view)
{
	struct anchor_range range[ANCHOR_VMS_MAX][ANCHOR_RANGES_MAX] = { 0 };
	const void *ranges = view_bytes(view, a->range_hpa, sizeof(range));
	const char *fault;

	*o = (struct origin){
		.abi_hash = a->abi_hash,
		.isas = a->isa < 32 ? ORIGIN_ISA(a->isa) : 0,
		.clock = { a->tsc_khz, a->tsc_at_wall, a->wall_ns, false },
		.cpus = a->cpus,
	};
	memcpy(o->build_id, a->build_id, sizeof(o->build_id));
	/* a machine that has no lists of devices there is as good */
	if (a->range_hpa && ranges)
		memcpy(range, ranges, sizeof(range));
	fault = origin_fault(o);
	for (unsigned int i = 0; !fault && i < a->vms; i++)
		fault = origin_add_anchor_vm(o, &a->vm[i], range[i]);
	return fault;
}

static struct ring_reader *reader_open(const struct machine_view *view,
				       const struct anchor_ring *at,
				       bool from_oldest)
{
	const struct ring *ring = view_bytes(view, at->hpa, at->bytes);

	if (!ring || at->hpa % RING_ALIGN) {
		errno = EPROTO;
		return NULL;
	}
	return ring_reader_open(ring, at->bytes, from_oldest);
}

static int ring_source_read(struct source *s, unsigned int cpu,
			    struct event_run *run)
{
	struct ring_source *r = (struct ring_source *)s;
	int got = ring_reader_peek(r->reader[cpu], &run->first);

	if (got < 0)
		return source_fail(s, got, "ring of CPU %u: %s", cpu,
				   ring_reader_fault(r->reader[cpu]));
	if (!got)
		return 0;
	run->count = (unsigned int)got;
	run->cpu = cpu;
	/* the records stay where they are until the reader is asked again */
	ring_reader_take(r->reader[cpu], run->count);
	return 1;
}

static void ring_source_counts(const struct source *s, unsigned int cpu,
			       struct source_cpu_counts *counts)
{
	const struct ring_source *r = (const struct ring_source *)s;

	ring_reader_counts(r->reader[cpu], counts);
}

static void ring_source_close(struct source *s)
{
	struct ring_source *r = (struct ring_source *)s;

	for (unsigned int i = 0; i < ANCHOR_CPUS_MAX; i++)
		ring_reader_close(r->reader[i]);
	source_exit(s);
	free(r);
}

static const struct source_ops ring_source_ops = {
	.read = ring_source_read,
	.counts = ring_source_counts,
	.close = ring_source_close,
};

struct source *source_open_rings(const struct machine_view *view,
				 bool from_oldest)
{
	struct ring_source *r = calloc(1, sizeof(*r));
	struct anchor a;
	int err = EPROTO;

	if (!r)
		return NULL;
	r->s.ops = &ring_source_ops;
	if (!view_anchor_copy(view, &a))
		goto fail;
	if (origin_from_anchor(&r->s.origin, &a, view))
		goto fail;
	if (source_init(&r->s, a.cpus)) {
		err = ENOMEM;
		goto fail;
	}
	for (unsigned int i = 0; i < a.cpus; i++) {
		r->reader[i] = reader_open(view, &a.ring[i], from_oldest);
		if (!r->reader[i]) {
			err = errno;
			goto fail;
		}
	}
	return &r->s;
fail:
	ring_source_close(&r->s);
	errno = err;
	return NULL;
}
