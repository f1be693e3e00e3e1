/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every kind of source, behind source.h. A kind embeds struct
 * source as its first member and fills it in when it is opened.
 *
 * A kind has one or more streams: records in the order they were committed.
 * A stream is a CPU's, as a rule. source.c takes turns among the streams or
 * merges them.
 */
#ifndef TRACER_SOURCE_SOURCE_OPS_H
#define TRACER_SOURCE_SOURCE_OPS_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/event/event_run.h"
#include "tracer/event/origin.h"
#include "tracer/event/trace_damage.h"
#include "tracer/source/source_counts.h"
#include "vmm-core/abi/trace_file.h"

struct source;

struct source_ops {
	/*
	 * The next run of a stream: 1, 0 or a negative errno, as source_read()
	 * returns it. The run stays valid until this is asked of the same
	 * stream again, whatever other streams are asked for.
	 */
	int (*read)(struct source *s, unsigned int stream,
		    struct event_run *run);
	/* counts as read what read() gave */
	void (*counts)(const struct source *s, unsigned int cpu,
		       struct source_cpu_counts *counts);
	void (*close)(struct source *s);
};

/* The names in a VM that a file has kept. */
struct source_vm_names {
	char *kallsyms;		/* NULL: none */
	size_t kallsyms_bytes;
	struct trace_process *processes;
	size_t process_count;
};

/* Known of files alone. */
struct source_file_info {
	struct trace_file_header header;
	struct source_sizes sizes;
	bool foreign;		/* another program's */
	const struct trace_damage *damage;
	size_t damages;
	bool growing;		/* a recording was writing it */
	bool cut;
	uint64_t cut_at;
	bool ended;		/* `end` was read, and all before it */
	struct trace_end end;
	struct source_vm_names *vm;
	unsigned int vms;
};

/* Records that were read of a stream and not handed out yet. */
struct source_stream {
	struct event_run held;	/* count 0: nothing */
	bool ended;		/* files: there is no more to come */
	uint64_t last_end_tsc;
};

struct source {
	const struct source_ops *ops;
	struct origin origin;	/* filled in by its kind, freed by source_exit() */
	const struct source_file_info *file;	/* NULL: not a file */
	char error[256];

	/* of source.c alone */
	struct source_stream *stream;
	unsigned int streams;
	unsigned int current;	/* the stream that was handed out last */
	unsigned int turn;	/* records that it may still give in a row */
	struct event_run given;
	bool merged;
	uint64_t disordered;
};

/* 0 or -ENOMEM. Before the first read; source_exit() undoes it. */
int source_init(struct source *s, unsigned int streams);
void source_exit(struct source *s);

__attribute__((format(printf, 3, 4)))
int source_fail(struct source *s, int err, const char *format, ...);

#endif
