/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing a trace file (vmm-core/abi/trace_file.h, man/vmprof-data.5).
 *
 * A writer belongs to one thread. Each chunk goes out with one write(), so
 * a file cut short at any moment holds whole chunks and at most one torn
 * one; what it wrote of that one when the disk is full it tears off again.
 *
 * All calls return 0 or a negative errno. -EINVAL and -E2BIG refuse what the
 * caller gave; after any other failure the file is left
 * as it is and every later call fails the same way. A program with a limit on
 * file sizes ignores SIGXFSZ, or it dies instead of getting -EFBIG.
 */
#ifndef TRACER_FILE_WRITER_H
#define TRACER_FILE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/event/origin.h"
#include "vmm-core/abi/trace_file.h"

struct trace_writer;

/*
 * fd is an empty file or a pipe, which stays the caller's and is open until the
 * writer is closed. NULL and errno on failure: E2BIG if a file has no room for
 * what the origin has.
 */
struct trace_writer *trace_writer_open(int fd, const char *command,
				       const struct origin *origin);
/* Queues one record; a full EVENTS chunk of its CPU is written out. */
int trace_writer_event(struct trace_writer *w, unsigned int cpu,
		       const struct event_header *ev);
/* Writes out what is queued: for live recordings, never a deterministic one. */
int trace_writer_flush(struct trace_writer *w);
/* A guest kernel's symbols as /proc/kallsyms text; a later one replaces it. */
int trace_writer_kallsyms(struct trace_writer *w, unsigned int vm,
			  const char *text, size_t bytes);
/*
 * Writes changes of a guest's processes, unless there are none. -E2BIG: with
 * these it would be more than TRACE_PROCESSES_MAX; none of them is kept, and
 * the trace says from when on nobody is known.
 */
int trace_writer_processes(struct trace_writer *w, unsigned int vm,
			   const struct trace_process *changes, size_t count);
/*
 * Writes what is queued and END. counts has one entry for each CPU and must
 * agree with the records that were given: read are those, missed the sum of
 * their LOST, written both; else -EINVAL.
 */
int trace_writer_finish(struct trace_writer *w, const struct trace_end *end,
			const struct trace_end_cpu *counts);
/* Bytes written so far. */
uint64_t trace_writer_bytes(const struct trace_writer *w);
/* NULL is fine. Without finish before it, the file reads as cut. */
void trace_writer_close(struct trace_writer *w);

#endif
