/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace file opened to be looked at: its source, its guests' symbols, and
 * words for the user where something is wrong with it.
 */
#ifndef VMPROF_TRACE_INPUT_H
#define VMPROF_TRACE_INPUT_H

#include "reports/report.h"
#include "tracer/source/source.h"
#include "tracer/symbol/guest.h"

#define TRACE_INPUT_DEFAULT "vmprof.data"

struct trace_input {
	const char *path;	/* the caller's */
	struct source *source;
	struct guest guests[ANCHOR_VMS_MAX];	/* as far as it was kept */
};

/* 0, or a negative errno after having told the user why. */
int trace_input_open(struct trace_input *in, const char *path);
/* As source_read(), but an error has been told to the user. */
int trace_input_read(struct trace_input *in, struct event_run *run);
/* Whether any guest's processes are known. */
bool trace_input_has_processes(const struct trace_input *in);
/*
 * Once trace_input_read() gave 0: tells the user if the trace was cut, and
 * what of it is damaged. Returns 0, or -EBADMSG for damage.
 */
int trace_input_describe(struct trace_input *in, struct report_trace *trace);
/* A zeroed struct is fine. */
void trace_input_close(struct trace_input *in);

#endif
