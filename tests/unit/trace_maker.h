/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trace files for tests: a machine, records that follow from their number,
 * and chunks made by hand where the writer would refuse.
 */
#ifndef TESTS_UNIT_TRACE_MAKER_H
#define TESTS_UNIT_TRACE_MAKER_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/event/event_known.h"
#include "tracer/file/checksum.h"
#include "tracer/file/writer.h"

#define MAKER_CPUS	2

/* The same machine, as its chunk has it. */
static inline struct trace_machine maker_machine(void)
{
	return (struct trace_machine){
		.abi_hash = 0x1234,
		.isa = ISA_SVM,
		.cpus = MAKER_CPUS,
		.tsc_khz = 1000000,
		.vms = 2,
		.vm[0] = { .name = "linux", .vcpus = 2, .extents = 1 },
		.vm[1] = { .name = "other" },
	};
}

static inline struct origin maker_origin(void)
{
	static const struct anchor_extent extent;
	static const struct origin_vm vms[] = {
		{ .name = "linux", .vcpus = 2, .extents = 1, .extent = &extent },
		{ .name = "other" },
	};

	return (struct origin){
		.abi_hash = 0x1234,
		.isas = ORIGIN_ISA(ISA_SVM),
		.clock.tsc_khz = 1000000,
		.cpus = MAKER_CPUS,
		.vms = 2,
		.vm = vms,
	};
}

/* Room for the longest record that maker_record() makes. */
union maker_record {
	struct event_header h;
	struct event_vmexit vmexit;
	struct event_tlb_flush flush;
	struct event_hypercall hypercall;
	struct event_vm_state state;
	struct event_lost lost;
	struct event_call_chain chain;
	__u64 word[16];
};

/* Counts up to record n: each LOST, n = 7, 17, ..., stands for n records, not for one. */
static inline __u32 maker_seq(unsigned int n)
{
	unsigned int lost = (n + 2) / 10;

	return n + 7 * lost + 5 * lost * (lost - 1) - lost;
}

/* Record n of a CPU: one of every kind, most of them VMEXITs. */
static inline void maker_record(union maker_record *r, unsigned int cpu,
				unsigned int n)
{
	struct event_header h = {
		.tsc = 1000ull * n + cpu, .seq = maker_seq(n),
		.id = EVENT_VMEXIT,
		.slots = 1,
	};

	memset(r, 0, sizeof(*r));
	r->h = h;
	if (n % 10 == 3) {
		r->h.id = EVENT_TLB_FLUSH;
		r->flush.scope = (__u8)(n % TLB_SCOPES);
		r->flush.cause = (__u8)(n % TLB_CAUSES);
	} else if (n % 10 == 5) {
		r->h.id = EVENT_HYPERCALL;
		r->h.slots = 2;
		r->hypercall.result = ~0ull;
	} else if (n % 10 == 7) {
		r->h.id = EVENT_LOST;
		r->h.vm = EVENT_NO_VM;
		r->lost.missed = n;
	} else if (n % 100 == 1) {
		r->h.id = EVENT_VM_STATE;
		r->state.state = VM_STATE_RUNNING;
	} else {
		r->vmexit.reason = (__u16)(n % EXIT_REASONS);
		r->vmexit.handle_cycles = 100 + n % 50;
		r->vmexit.rip = 0xffffffff81000000ull + n % 7 * 64;
	}
	if (event_known_byte(&r->h))
		*event_known_byte(&r->h) = EVENT_KNOWN_ALL;
}

struct maker {
	int fd;
	struct trace_writer *w;
	struct trace_end_cpu counts[MAKER_CPUS];
};

static inline int maker_write(struct maker *m, unsigned int cpu,
			      unsigned int from, unsigned int to)
{
	union maker_record r;
	int err = 0;

	for (unsigned int n = from; n < to && !err; n++) {
		maker_record(&r, cpu, n);
		err = trace_writer_event(m->w, cpu, &r.h);
		if (r.h.id == EVENT_LOST)
			m->counts[cpu].missed += r.lost.missed;
		else
			m->counts[cpu].read++;
		m->counts[cpu].written = m->counts[cpu].read +
			m->counts[cpu].missed;
	}
	return err;
}

static inline int maker_finish(struct maker *m)
{
	struct trace_end end = {
		.end_tsc = 77, .machine_state = MACHINE_STOPPED,
		.cpus = MAKER_CPUS, .exits = 5,
	};

	return trace_writer_finish(m->w, &end, m->counts);
}

static inline struct maker maker_open(const char *path)
{
	struct origin origin = maker_origin();
	struct maker m = {
		.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600),
	};

	if (m.fd >= 0)
		m.w = trace_writer_open(m.fd, "vmprof record", &origin);
	return m;
}

static inline void maker_close(struct maker *m)
{
	trace_writer_close(m->w);
	if (m->fd >= 0)
		close(m->fd);
}

/* A whole small trace: records of two CPUs, symbols, processes, END. */
static inline int maker_small(const char *path, unsigned int records)
{
	static const char syms[] = "ffffffff81000000 T _text\n";
	static const struct trace_process processes[] = {
		{ .from_tsc = 5, .cr3 = 0x1000, .pid = 1, .comm = "init" },
	};
	struct maker m = maker_open(path);
	int err;

	if (!m.w) {
		maker_close(&m);
		return -1;
	}
	err = maker_write(&m, 0, 0, records);
	if (!err)
		err = trace_writer_flush(m.w);
	if (!err)
		err = trace_writer_kallsyms(m.w, 0, syms, strlen(syms));
	if (!err)
		err = trace_writer_processes(m.w, 0, processes, 1);
	if (!err)
		err = maker_write(&m, 1, 0, records);
	if (!err)
		err = maker_finish(&m);
	maker_close(&m);
	return err;
}

/* Appends a chunk, its checksum right and all else as the test wants it. */
static inline int maker_chunk(const char *path, struct trace_chunk chunk,
			      const void *stored)
{
	FILE *f = fopen(path, "ab");
	int ok;

	if (!f)
		return -1;
	chunk.magic = TRACE_CHUNK_MAGIC;
	chunk.checksum = trace_chunk_checksum(&chunk, stored);
	ok = fwrite(&chunk, sizeof(chunk), 1, f) == 1 &&
		fwrite(stored, 1, chunk.stored_bytes, f) == chunk.stored_bytes;
	return fclose(f) || !ok ? -1 : 0;
}

#endif
