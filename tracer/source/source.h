/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events in, from anywhere: the rings of a running machine, or a file.
 *
 * A source belongs to one thread. A record points into the source's buffer
 * and dies at the next source_next(). Records of one CPU come in the order
 * they were committed; a loss comes as an EVENT_LOST where it happened.
 */
#ifndef TRACER_SOURCE_SOURCE_H
#define TRACER_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm-core/abi/event.h"
#include "vmm-core/abi/trace_file.h"

struct source;

/*
 * Exact, at any time: written = read + missed + what still waits. Counted
 * since boot if a ring is read from its oldest record (what it lost before
 * it was opened is missed, too), else since the source was opened. A file
 * has nothing waiting.
 */
struct source_cpu_counts {
	uint64_t written;
	uint64_t read;
	uint64_t missed;
};

/* Where the anchor is, if its symbol is not at hand; SIZE_MAX: not found. */
size_t source_find_anchor(const void *ram, size_t ram_bytes);

/*
 * The rings of a machine, from a mapping of its RAM (owned by the caller,
 * and longer-lived) in which every physical address is its own offset. What
 * the rings still hold is read from the oldest on if from_oldest, else
 * reading starts at the newest. NULL and errno on failure; EPROTO if what
 * stands there is no anchor or ring of this ABI.
 */
struct source *source_open_rings(const void *ram, size_t ram_bytes,
				 size_t anchor_offset, bool from_oldest);
/* A trace file. NULL and errno; *why (static text) says what is wrong. */
struct source *source_open_file(const char *path, const char **why);
/* NULL is fine. */
void source_close(struct source *s);

/*
 * 1: *ev is the next record, *cpu its ring. 0: none now (rings) or end of
 * trace (file). Negative errno: -EBADMSG damaged, -EIO cannot read; then
 * source_error() says where and what.
 */
int source_next(struct source *s, const struct event_header **ev,
		unsigned int *cpu);
const char *source_error(const struct source *s);

/* What is known of the machine. Constant while the source is open. */
const struct trace_machine *source_machine(const struct source *s);
unsigned int source_cpus(const struct source *s);
void source_counts(const struct source *s, unsigned int cpu,
		   struct source_cpu_counts *counts);

/*
 * Files only. The header, as far as known; whether the file ends without an
 * END chunk and where, complete only after source_next() gave 0; the
 * kallsyms text of a VM's kernel (NULL: none kept; valid until close).
 */
const struct trace_file_header *source_file_header(const struct source *s);
bool source_was_cut(const struct source *s, uint64_t *at_byte);
const struct trace_end *source_end(const struct source *s);
const char *source_kallsyms(const struct source *s, unsigned int vm,
			    size_t *bytes);
/* Files only: all changes of a VM's processes, in the order of the file. */
const struct trace_process *source_processes(const struct source *s,
					     unsigned int vm, size_t *count);

#endif
