/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gathers what a trace file holds, in one pass, for vmprof info.
 */
#ifndef VMPROF_TRACE_INFO_H
#define VMPROF_TRACE_INFO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/source/source.h"
#include "vmprof/tally.h"

struct trace_info {
	const char *path;
	struct source *source;
	struct source_sizes sizes;
	struct tally tally;
	struct source_cpu_counts total;
	uint64_t kernel_symbols[ANCHOR_VMS_MAX]; /* 0: none kept */
	uint64_t processes[ANCHOR_VMS_MAX];	/* that were seen */
	const struct trace_damage *damage;	/* parts that are left out */
	size_t damages;
	uint64_t disordered;
	bool failed;		/* not all of it could be read */
	bool cut;
	uint64_t cut_at_byte;
};

/*
 * Returns false, having told the user why, if there is nothing to show. Damage
 * is noted, and all else is gathered.
 */
bool trace_info_gather(struct trace_info *info, const char *path);
/* A zeroed struct is fine. */
void trace_info_release(struct trace_info *info);

uint64_t trace_info_duration_ns(const struct trace_info *info);

/* 0 or -ENOMEM; the stream's errors are its owner's. */
int trace_info_print_text(FILE *to, const struct trace_info *info);
int trace_info_print_json(FILE *to, const struct trace_info *info);

#endif
