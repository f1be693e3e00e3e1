/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every kind of source has, behind source.h. A kind embeds struct
 * source as its first member and fills it in when it is opened.
 */
#ifndef TRACER_SOURCE_SOURCE_OPS_H
#define TRACER_SOURCE_SOURCE_OPS_H

#include "tracer/source/source.h"

struct source_ops {
	int (*next)(struct source *s, const struct event_header **ev,
		    unsigned int *cpu);
	void (*counts)(const struct source *s, unsigned int cpu,
		       struct source_cpu_counts *counts);
	void (*close)(struct source *s);
};

/* What only a file can tell. */
struct source_file_info {
	struct trace_file_header header;
	bool cut;
	uint64_t cut_at;
	bool ended;		/* `end` was read, and all before it */
	struct trace_end end;
	char *kallsyms[ANCHOR_VMS_MAX];
	size_t kallsyms_bytes[ANCHOR_VMS_MAX];
	struct trace_process *processes[ANCHOR_VMS_MAX];
	size_t process_count[ANCHOR_VMS_MAX];
};

struct source {
	const struct source_ops *ops;
	struct trace_machine machine;
	const struct source_file_info *file;	/* NULL: not a file */
	char error[256];
};

__attribute__((format(printf, 3, 4)))
int source_fail(struct source *s, int err, const char *format, ...);

/* NULL: every table of it is within bounds. Otherwise static text. */
const char *source_machine_fault(const struct trace_machine *m);

#endif
