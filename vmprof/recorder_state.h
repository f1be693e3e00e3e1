/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A recording's state, for the files that make it: recorder.c starts and
 * drains, recorder_end.c says how it ended.
 */
#ifndef VMPROF_RECORDER_STATE_H
#define VMPROF_RECORDER_STATE_H

#include "tracer/file/trace_name.h"
#include "tracer/file/writer.h"
#include "tracer/source/source.h"
#include "vmprof/host_pauses.h"
#include "vmprof/process_record.h"
#include "vmprof/record_options.h"
#include "vmprof/tally.h"

enum ending {
	ENDING_NONE,
	ENDING_STOPPED,		/* the machine, by itself */
	ENDING_ASKED,		/* a signal, or the time was up */
	ENDING_DIED,
	ENDING_FAILED,		/* source or file; it was said */
};

struct recording {
	const struct record_options *o;
	struct machine *machine;
	struct source *source;
	struct trace_name output;
	struct trace_writer *writer;
	struct tally tally;
	struct process_record processes;
	struct host_pauses pauses;
	enum ending ending;
	bool live;		/* not deterministic: host time may decide */
	bool symbols_taken;
	uint64_t end_tsc;	/* attached, once a record came; 0: none */
	/* host's clock */
	int64_t started_ns, flushed_ns, symbols_ns, last_record_ns, shown_ns;
	int64_t find_ns;
	int64_t sleep_ns;
	uint64_t slots;		/* of the smallest ring */
};

/* Tells the user, unless --quiet. */
void recorder_note(const struct recording *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Tells the user why, and ends the recording. */
void recorder_write_failed(struct recording *r, int err);

#endif
