/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events in, from anywhere: the rings of a running machine, or a file.
 *
 * source_read() is the only way to them. Records of one CPU come in the order
 * they were committed, a loss as an EVENT_LOST where it happened. The CPUs
 * come in turns, in no order among them, unless source_merged() was called.
 *
 * A source belongs to one thread.
 */
#ifndef TRACER_SOURCE_SOURCE_H
#define TRACER_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/event/event_run.h"
#include "tracer/event/origin.h"
#include "tracer/event/trace_damage.h"
#include "tracer/source/source_counts.h"
#include "tracer/view/machine_view.h"
#include "vmm-core/abi/trace_file.h"

struct source;

/*
 * Opens the rings of a machine, whose mapping must outlive the source. What
 * the rings still hold is read from the oldest on if from_oldest, else
 * reading starts at the newest. NULL and errno on failure; EPROTO if anchor
 * and rings are not of this ABI.
 */
struct source *source_open_rings(const struct machine_view *view,
				 bool from_oldest);
/*
 * A trace file, or another program's file that can be read as one: perf.data
 * with KVM's tracepoints, xentrace. "-" is standard input; a pipe is read to
 * its end at once. NULL and errno; *why (static text) says what is wrong.
 */
struct source *source_open_file(const char *path, const char **why);
/* NULL is fine. */
void source_close(struct source *s);

/*
 * Makes source_read() give the records of all CPUs in the order of time: of
 * the CPUs, the one whose next record began first is next, and of equals the
 * first CPU. Returns s; NULL is fine. To be called before the first read.
 */
struct source *source_merged(struct source *s);
/*
 * 1: *run is what comes next; its records stay valid until the next call.
 * 0: nothing now (rings), or the end (file). Negative errno: -EBADMSG damaged,
 * -EIO cannot read; then source_error() says where and what.
 */
int source_read(struct source *s, struct event_run *run);
/*
 * Gives back the last records of the run that was read last: they come again,
 * and count as not read. Once after each read, at most.
 */
void source_unread(struct source *s, unsigned int records);
const char *source_error(const struct source *s);

/* Where the events come from. Constant while the source is open. */
const struct origin *source_origin(const struct source *s);
unsigned int source_cpus(const struct source *s);
/* Counts as read what source_read() gave. */
void source_counts(const struct source *s, unsigned int cpu,
		   struct source_cpu_counts *counts);
/*
 * Returns how many records of a file, or of a merged source, ended earlier
 * than one that stands before them in their ring: time went backwards there,
 * and durations may be wrong.
 */
uint64_t source_disordered(const struct source *s);

/*
 * Files only. The header, as far as known; the sizes; whether a recording was
 * writing the file when it was opened; whether the file ends without an END chunk and
 * where, complete only after source_read() gave 0; the
 * kallsyms text of a VM's kernel (NULL: none kept; valid until close).
 */
const struct trace_file_header *source_file_header(const struct source *s);
/*
 * Files only: the parts that are damaged and left out, by where they begin;
 * complete only after source_read() gave 0. Their records count as missed,
 * and come as EVENT_LOST as far as their neighbours' numbers tell.
 */
const struct trace_damage *source_damage(const struct source *s,
					 size_t *count);
struct source_sizes source_sizes(const struct source *s);
bool source_is_growing(const struct source *s);
/* Whether another program wrote it: `vmprof import` makes a trace of it. */
bool source_is_foreign(const struct source *s);
bool source_was_cut(const struct source *s, uint64_t *at_byte);
const struct trace_end *source_end(const struct source *s);
const char *source_kallsyms(const struct source *s, unsigned int vm,
			    size_t *bytes);
/* Files only: all changes of a VM's processes, in the order of the file. */
const struct trace_process *source_processes(const struct source *s,
					     unsigned int vm, size_t *count);

#endif
