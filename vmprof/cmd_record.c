/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof record: what is asked for. recorder.c does it.
 */
#include "vmprof/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/options.h"
#include "command/output.h"
#include "command/status.h"
#include "command/units.h"
#include "command/value.h"
#include "vmprof/command_text.h"
#include "vmprof/recorder.h"

#define OUTPUT_DEFAULT "vmprof.data"
#define COMMAND_BYTES 1024

struct options {
	struct record_options record;
	const char *console;
	const char *machine_only; /* the last option that needs our own machine */
	char conflict[128];
};

static error_t take_attach(const struct option_row *row, const char *arg,
			   void *to, const struct argp_state *state)
{
	struct record_options *r = to;

	(void)row;
	(void)state;
	r->attach = true;
	r->attach_name = arg;
	return 0;
}

static error_t take_status_fd(const struct option_row *row, const char *arg,
			      void *to, const struct argp_state *state)
{
	uint64_t fd;

	(void)to;
	if (units_parse_number(arg, 0, INT_MAX, &fd) ||
	    fcntl((int)fd, F_GETFD) < 0)
		return value_refuse(state, row->name, arg,
				    "the number of an open descriptor");
	status_open((int)fd);
	return 0;
}

#define AT(field) .offset = offsetof(struct options, field)
#define AT_MACHINE(field) \
	AT(record.machine.field), .noted = offsetof(struct options, machine_only)

static const struct option_row option_rows[] = {
	{ .heading = "The recording:",
	  .name = "kernel", .letter = 'k', .argument = "FILE",
	  .help = "boot this bzImage or multiboot ELF image as guest",
	  .take = option_text, AT_MACHINE(kernel), .offer = OFFER_FILES },
	{ .name = "initrd", .argument = "FILE",
	  .help = "the guest's initramfs",
	  .take = option_text, AT_MACHINE(initrd), .offer = OFFER_FILES },
	{ .name = "append", .argument = "TEXT",
	  .help = "the guest's command line",
	  .take = option_text, AT_MACHINE(append) },
	{ .name = "attach", .argument = "MACHINE",
	  .help = "record a machine that is already running, by its name",
	  .take = take_attach, AT(record), .offer = OFFER_MACHINES },
	{ .name = "duration", .argument = "TIME",
	  .help = "stop after so much machine time: 10, 500ms, 2m",
	  .take = option_duration, AT(record.duration_ns) },
	{ .heading = "The machine:",
	  .name = "mem", .argument = "SIZE", .help = "RAM of the guest (256M)",
	  .take = option_size, AT_MACHINE(guest_bytes) },
	{ .name = "cpus", .argument = "N", .help = "CPUs of the machine (1)",
	  .take = option_count, AT_MACHINE(cpus), .max = ANCHOR_CPUS_MAX },
	{ .name = "deterministic",
	  .help = "count instructions as time: the same run gives the same "
		  "trace",
	  .take = option_flag, AT_MACHINE(deterministic) },
	{ .name = "ring", .argument = "SIZE",
	  .help = "ring buffer of each CPU (64M)",
	  .take = option_size, AT_MACHINE(ring_bytes) },
	{ .name = "name", .argument = "NAME",
	  .help = "name of the machine (m0, m1, ...)",
	  .take = option_text, AT_MACHINE(name) },
	{ .name = "cpu-model", .argument = "MODEL",
	  .help = "QEMU's CPU model; it needs SVM with nested paging",
	  .take = option_text, AT_MACHINE(cpu_model) },
	{ .heading = "Output:",
	  .name = "output", .letter = 'o', .argument = "FILE",
	  .help = "the trace (" OUTPUT_DEFAULT ")",
	  .take = option_text, AT(record.output), .offer = OFFER_FILES },
	{ .name = "console", .argument = "FILE",
	  .help = "write the guest's console there instead of to stdout",
	  .take = option_text, AT(console), .offer = OFFER_FILES,
	  .noted = offsetof(struct options, machine_only) },
	{ .name = "status-fd", .argument = "N",
	  .help = "report to this descriptor, for programs",
	  .take = take_status_fd },
	{ .name = "quiet", .letter = 'q', .help = "say nothing but errors",
	  .take = option_flag, AT(record.quiet) },
	{ .name = "verbose", .letter = 'v', .help = "say more",
	  .take = option_flag, AT(record.verbose) },
	{ 0 }
};

static const char *conflict(void *options)
{
	struct options *o = options;
	struct record_options *r = &o->record;

	r->machine.stop_after_ns = r->duration_ns;
	if (!r->attach && !r->machine.kernel)
		return "nothing to record: give --kernel or --attach";
	if (!r->attach || !o->machine_only)
		return NULL;
	snprintf(o->conflict, sizeof(o->conflict), "--attach records a machine "
		 "that runs already: --%s is too late", o->machine_only);
	return o->conflict;
}

static const struct command_syntax syntax = {
	.option = option_rows,
	.purpose = "Records every exit, TLB flush and hypercall of a guest "
		   "into a trace. Ends when the guest powers off, after "
		   "--duration, or at Ctrl-C.",
	.conflict = conflict,
};

/* Where the guest's console goes; -1 after an error. */
static int console_open(struct options *o)
{
	int fd;

	if (!o->console) {
		o->record.progress = isatty(STDERR_FILENO) &&
				     !isatty(STDOUT_FILENO);
		return output_is_stdout(o->record.output) ? STDERR_FILENO :
							    STDOUT_FILENO;
	}
	o->record.progress = isatty(STDERR_FILENO);
	fd = open(o->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		cmd_error("cannot write %s: %m", o->console);
	return fd;
}

int cmd_record(int argc, char **argv)
{
	struct options o = { .record.output = OUTPUT_DEFAULT };
	char command[COMMAND_BYTES];
	int status;

	command_text(command, sizeof(command), argc, argv);
	o.record.command = command;
	if (options_take(&syntax, argc, argv, &o))
		return CMD_USAGE;
	o.record.machine.console_fd = console_open(&o);
	if (o.record.machine.console_fd < 0)
		return CMD_ERROR;
	status = recording_run(&o.record);
	if (o.console && close(o.record.machine.console_fd)) {
		cmd_error("cannot write %s: %m", o.console);
		return CMD_ERROR;
	}
	return status;
}
