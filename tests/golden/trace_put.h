/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records into a trace that is being made, each when the one before it on its
 * CPU was over.
 */
#ifndef TESTS_GOLDEN_TRACE_PUT_H
#define TESTS_GOLDEN_TRACE_PUT_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/file/writer.h"

#define CPUS_MAX 2

struct maker {
	struct trace_writer *w;
	struct origin origin;
	unsigned int isa;
	struct trace_end_cpu count[CPUS_MAX];
	uint64_t tsc[CPUS_MAX];		/* of the next record */
};

static inline void check(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "make_trace: %s: %s\n", what, strerror(-err));
	exit(1);
}

static inline void put(struct maker *m, unsigned int cpu, struct event_header *h,
		unsigned int id, size_t bytes)
{
	h->id = id;
	h->slots = bytes / EVENT_SLOT_BYTES;
	h->tsc = m->tsc[cpu];
	h->seq = m->count[cpu].written++;
	m->count[cpu].read++;
	check(trace_writer_event(m->w, cpu, h), "cannot write");
}

static inline void put_exit(struct maker *m, unsigned int cpu, struct event_vmexit e)
{
	e.isa_len = EVENT_ISA_LEN(m->isa, 2);
	e.cpl_known |= EVENT_KNOWN_ALL;
	put(m, cpu, &e.h, EVENT_VMEXIT, sizeof(e));
	m->tsc[cpu] += e.handle_cycles + e.blocked_cycles + 5000;
}

/* An exit of a source that knows only these fields; the rest are zeros. */
static inline void put_exit_knowing(struct maker *m, struct event_vmexit e)
{
	unsigned int known = e.cpl_known;

	if (!(known & EVENT_KNOWN_RIP))
		e.rip = 0;
	if (!(known & EVENT_KNOWN_CR3))
		e.cr3 = 0;
	if (!(known & EVENT_KNOWN_CPL))
		e.cpl_known &= EVENT_KNOWN_ALL;
	if (!(known & EVENT_KNOWN_COST))
		e.handle_cycles = e.blocked_cycles = 0;
	if (!(known & EVENT_KNOWN_ASID))
		e.asid = 0;
	if (!(known & EVENT_KNOWN_DETAIL))
		e.detail = 0;
	put(m, 0, &e.h, EVENT_VMEXIT, sizeof(e));
	m->tsc[0] += 10000;
}

static inline void put_flush(struct maker *m, unsigned int cpu,
		      struct event_tlb_flush e)
{
	e.isa = m->isa;
	e.known = EVENT_KNOWN_ALL;
	put(m, cpu, &e.h, EVENT_TLB_FLUSH, sizeof(e));
	m->tsc[cpu] += 100;
}

static inline void put_hypercall(struct maker *m, unsigned int cpu,
			  struct event_hypercall e)
{
	e.isa = m->isa;
	e.cpl_known |= EVENT_KNOWN_ALL;
	put(m, cpu, &e.h, EVENT_HYPERCALL, sizeof(e));
	m->tsc[cpu] += 300;
}

static inline void put_state(struct maker *m, unsigned int cpu,
		      struct event_vm_state e)
{
	e.known = EVENT_KNOWN_ALL;
	put(m, cpu, &e.h, EVENT_VM_STATE, sizeof(e));
}

static inline void put_lost(struct maker *m, unsigned int cpu, uint64_t missed)
{
	struct event_lost e = {
		.h = { .id = EVENT_LOST, .slots = 1, .tsc = m->tsc[cpu],
		       .seq = m->count[cpu].written, .vm = EVENT_NO_VM },
		.missed = missed,
		.resumed_tsc = m->tsc[cpu] + 1000000,
	};

	m->count[cpu].written += missed;
	m->count[cpu].missed += missed;
	m->tsc[cpu] += 1000000;
	check(trace_writer_event(m->w, cpu, &e.h), "cannot write");
}

/* A loss between two times; 0: from before the first record. */
static inline void put_gap(struct maker *m, unsigned int cpu, uint64_t from,
		    uint64_t to, uint64_t missed)
{
	struct event_lost e = {
		.h = { .id = EVENT_LOST, .slots = 1, .tsc = from,
		       .seq = m->count[cpu].written, .vm = EVENT_NO_VM },
		.missed = missed,
		.resumed_tsc = to,
	};

	m->count[cpu].written += missed;
	m->count[cpu].missed += missed;
	check(trace_writer_event(m->w, cpu, &e.h), "cannot write");
}

#endif
