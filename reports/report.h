/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A summary out, one format a file: text.c for people, csv.c and json.c for
 * programs. To add a format, write its function and its row in formats.c.
 *
 * The functions print to a stream and leave its error state to the caller;
 * they return 0 or -ENOMEM.
 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "exit-analyzer/stats/summary.h"
#include "tracer/event/origin.h"
#include "tracer/event/trace_damage.h"
#include "vmm-core/abi/trace_file.h"

/* Where the events came from, and whether they are all there. */
struct report_trace {
	const struct trace_file_header *file;	/* NULL: not from a file */
	const struct origin *origin;
	const struct trace_end *end;		/* NULL: none was read */
	uint64_t written, read, missed;		/* of all CPUs */
	bool being_written;	/* by a recording, when it was opened */
	bool cut;
	uint64_t cut_at_byte, zero_bytes; /* that follow there */
	/* parts of the file that are left out, by where they begin */
	const struct trace_damage *damage;
	size_t damages;
	/* records that ended before one which stands before them */
	uint64_t disordered;
};

struct report_exits {
	struct summary *summary;
	size_t rows_max;	/* 0: all of them */
};

#define REPORT_EXITS_MAX 4

struct report {
	struct report_trace trace;
	/* one table each; formats with room for one take the first */
	struct report_exits exits[REPORT_EXITS_MAX];
	size_t exits_count;	/* at least 1 */
	bool cycles;		/* text: costs in cycles, not in time */
};

enum report_limit {
	REPORT_ONE_TABLE = 1,	/* it prints the first of exits only */
	REPORT_ROWS_ONLY = 2,	/* it has no place for what was missed */
};

struct report_format {
	const char *name;
	int (*print)(FILE *to, const struct report *report);
	unsigned int limits;	/* enum report_limit */
};

/* Ends with a row whose name is NULL; the first is the default. */
extern const struct report_format report_formats[];

int report_print_text(FILE *to, const struct report *report);
int report_print_csv(FILE *to, const struct report *report);
int report_print_json(FILE *to, const struct report *report);

#endif
