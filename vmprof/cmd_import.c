/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof import: a trace of what KVM's or Xen's own tools recorded.
 */
#include "vmprof/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/options.h"
#include "command/output.h"
#include "tracer/file/trace_name.h"
#include "tracer/file/writer.h"
#include "vmprof/command_text.h"
#include "vmprof/trace_input.h"

#define MHZ_MAX 100000

struct options {
	const char *output;
	const char *input;
	unsigned int tsc_mhz;	/* 0: as the file has it */
};

struct import {
	const struct options *o;
	const char *command;
	struct trace_input in;
	struct trace_name output;
	struct trace_writer *writer;
	struct origin origin;	/* the source's, but for the clock */
};

static const struct option_row option_rows[] = {
	{ .name = "output", .letter = 'o', .argument = "TRACE",
	  .help = "the trace to make (" TRACE_INPUT_DEFAULT ")",
	  .take = option_text, .offset = offsetof(struct options, output),
	  .offer = OFFER_FILES },
	{ .name = "tsc-mhz", .argument = "MHZ",
	  .help = "how fast the TSC of an xentrace file ran",
	  .take = option_count, .offset = offsetof(struct options, tsc_mhz),
	  .max = MHZ_MAX },
	{ 0 }
};

static const struct command_syntax syntax = {
	.option = option_rows,
	.arguments = "FILE",
	.argument_offer = OFFER_FILES,
	.purpose = "Makes a trace of a file that another program recorded: "
		   "perf.data with KVM's tracepoints, or xentrace. Which it is "
		   "is seen by its contents.",
	.one = offsetof(struct options, input),
	.wanted = "give one FILE",
};

static int write_failed(const struct import *i, int err)
{
	cmd_error("cannot write %s: %s", output_name(i->o->output),
		  err == -EBUSY ? "a recording is being written into it; name "
				  "another file with -o" :
		  err == -ENOTTY ? "it is a terminal; name a file with -o" :
		  strerror(-err));
	return err;
}

static int output_claim(struct import *i)
{
	char *kept = NULL;
	int err = 0;

	if (!output_is_stdout(i->o->output))
		err = trace_name_claim(&i->output, i->o->output);
	else if (isatty(STDOUT_FILENO))
		return write_failed(i, -ENOTTY);
	else
		i->output.fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	if (!err && i->output.path)
		err = trace_name_begin(&i->output, &kept);
	if (kept)
		fprintf(stderr, "vmprof: the recording that was %s is %s now\n",
			i->o->output, kept);
	free(kept);
	if (!err && i->output.fd < 0)
		err = -errno;
	return err ? write_failed(i, err) : 0;
}

static int records_copy(struct import *i)
{
	struct event_run run;
	int more, err = 0;

	while ((more = trace_input_read(&i->in, &run)) > 0)
		for (unsigned int n = 0; n < run.count && !err; n++)
			err = trace_writer_event(i->writer, run.cpu,
						 event_run_record(run.first,
								  n));
	if (err)
		return write_failed(i, err);
	return more;
}

static int end_write(struct import *i)
{
	struct trace_end_cpu counts[ANCHOR_CPUS_MAX] = { 0 };
	const struct trace_end *end = source_end(i->in.source);
	uint64_t read = 0, missed = 0;
	int err;

	for (unsigned int cpu = 0; cpu < source_cpus(i->in.source); cpu++) {
		struct source_cpu_counts c;

		source_counts(i->in.source, cpu, &c);
		counts[cpu] = (struct trace_end_cpu){
			.written = c.written, .read = c.read,
			.missed = c.missed };
		read += c.read;
		missed += c.missed;
	}
	/* a file that was cut makes a trace that is */
	err = end ? trace_writer_finish(i->writer, end, counts) :
		    trace_writer_flush(i->writer);
	if (err)
		return write_failed(i, err);
	fprintf(stderr, "vmprof: Imported %" PRIu64 " events (%" PRIu64
		" missed) in %.1f KiB to %s\n", read, missed,
		(double)trace_writer_bytes(i->writer) / 1024,
		output_name(i->o->output));
	return 0;
}

static int trace_make(struct import *i)
{
	struct report_trace trace;
	int err;

	i->origin = *source_origin(i->in.source);
	if (i->o->tsc_mhz)
		i->origin.clock.tsc_khz = 1000ull * i->o->tsc_mhz;
	err = output_claim(i);
	if (err)
		return err;
	i->writer = trace_writer_open(i->output.fd, i->command, &i->origin);
	if (!i->writer)
		return write_failed(i, -errno);
	err = records_copy(i);
	if (!err)
		err = trace_input_describe(&i->in, &trace);
	return err ? err : end_write(i);
}

static int import(struct import *i)
{
	int err = trace_input_open(&i->in, i->o->input);

	if (err)
		return err;
	if (source_is_foreign(i->in.source)) {
		err = trace_make(i);
	} else {
		cmd_error("cannot import %s: it is a trace already; 'vmprof "
			  "report -i FILE' reads it", i->in.path);
		err = -EINVAL;
	}
	trace_writer_close(i->writer);
	trace_name_release(&i->output);
	trace_input_close(&i->in);
	return err;
}

int cmd_import(int argc, char **argv)
{
	char command[sizeof(((struct trace_file_header *)0)->command)];
	struct options o = { .output = TRACE_INPUT_DEFAULT };
	struct import i = { .o = &o, .command = command, .output.fd = -1 };

	command_text(command, sizeof(command), argc, argv);
	if (options_take(&syntax, argc, argv, &o))
		return CMD_USAGE;
	if (!o.input) {
		cmd_error("give one FILE to import; vmprof import --help says "
			  "more");
		return CMD_USAGE;
	}
	/* limits on files, and pipes that nobody reads, are errors like others */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return import(&i) ? CMD_ERROR : CMD_DONE;
}
