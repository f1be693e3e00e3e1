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

#include "command/machine_options.h"
#include "command/status.h"
#include "command/units.h"
#include "command/value.h"
#include "vmprof/recorder.h"

#define OUTPUT_DEFAULT "vmprof.data"
#define COMMAND_BYTES 1024

struct options {
	struct record_options record;
	const char *console;
	const char *machine_only; /* the last option that needs our own machine */
};

enum {
	KEY_DURATION = 0x100,
	KEY_ATTACH,
	KEY_CONSOLE,
	KEY_STATUS_FD,
};

static const struct argp_option argp_options[] = {
	{ NULL, 0, NULL, 0, "What to record:", 1 },
	{ "kernel", 'k', "FILE", 0,
	  "boot this bzImage or multiboot ELF image as guest", 1 },
	{ "initrd", MACHINE_KEY_INITRD, "FILE", 0, "the guest's initramfs", 1 },
	{ "append", MACHINE_KEY_APPEND, "TEXT", 0,
	  "the guest's command line", 1 },
	{ "attach", KEY_ATTACH, "MACHINE", 0,
	  "record a machine that is already running, by its name", 1 },
	{ "duration", KEY_DURATION, "TIME", 0,
	  "stop after so much machine time: 10, 500ms, 2m", 1 },
	{ NULL, 0, NULL, 0, "The machine:", 2 },
	{ "mem", MACHINE_KEY_MEM, "SIZE", 0, "RAM of the guest (256M)", 2 },
	{ "cpus", MACHINE_KEY_CPUS, "N", 0, "CPUs of the machine (1)", 2 },
	{ "deterministic", MACHINE_KEY_DETERMINISTIC, NULL, 0,
	  "count instructions as time: the same run gives the same trace", 2 },
	{ "ring", MACHINE_KEY_RING, "SIZE", 0,
	  "ring buffer of each CPU (64M)", 2 },
	{ "name", MACHINE_KEY_NAME, "NAME", 0,
	  "name of the machine (m0, m1, ...)", 2 },
	{ "cpu-model", MACHINE_KEY_CPU_MODEL, "MODEL", 0,
	  "QEMU's CPU model; it needs SVM with nested paging", 2 },
	{ NULL, 0, NULL, 0, "Output:", 3 },
	{ "output", 'o', "FILE", 0, "the trace (" OUTPUT_DEFAULT ")", 3 },
	{ "console", KEY_CONSOLE, "FILE", 0,
	  "write the guest's console there instead of to stdout", 3 },
	{ "status-fd", KEY_STATUS_FD, "N", 0,
	  "report to this descriptor, for programs", 3 },
	{ "quiet", 'q', NULL, 0, "say nothing but errors", 3 },
	{ "verbose", 'v', NULL, 0, "say more", 3 },
	{ 0 }
};

/* Of one that is in the table. */
static const char *option_name(int key)
{
	const struct argp_option *o = argp_options;

	while (o->key != key)
		o++;
	return o->name;
}

static error_t parse_machine(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	error_t err = 0;

	if (key == 'k')
		o->record.machine.kernel = arg;
	else if (key == KEY_CONSOLE)
		o->console = arg;
	else
		err = machine_option_parse(key, arg, state,
					   &o->record.machine);
	if (err != ARGP_ERR_UNKNOWN)
		o->machine_only = option_name(key);
	return err;
}

static error_t parse_end(struct argp_state *state)
{
	const struct options *o = state->input;
	const struct record_options *r = &o->record;

	if (r->attach && o->machine_only)
		argp_error(state, "--attach records a machine that runs "
			   "already: --%s is too late", o->machine_only);
	else if (!r->attach && !r->machine.kernel)
		argp_error(state, "nothing to record: give --kernel or "
			   "--attach");
	else
		return 0;
	return EINVAL;
}

static error_t parse_status_fd(char *arg, struct argp_state *state)
{
	uint64_t fd;

	if (units_parse_number(arg, 0, INT_MAX, &fd) ||
	    fcntl((int)fd, F_GETFD) < 0)
		return value_refuse(state, "status-fd", arg,
				    "the number of an open descriptor");
	status_open((int)fd);
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	struct record_options *r = &o->record;

	switch (key) {
	case 'o':
		r->output = arg;
		return 0;
	case 'q':
		r->quiet = true;
		return 0;
	case 'v':
		r->verbose = true;
		return 0;
	case KEY_ATTACH:
		r->attach = true;
		r->attach_name = arg;
		return 0;
	case KEY_STATUS_FD:
		return parse_status_fd(arg, state);
	case KEY_DURATION:
		if (units_parse_duration(arg, &r->duration_ns))
			return value_refuse(state, "duration", arg,
					    "a time, such as 10, 500ms or 2m");
		r->machine.stop_after_ns = r->duration_ns;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is not an option; options begin with "
			   "--", arg);
		return EINVAL;
	case ARGP_KEY_END:
		return parse_end(state);
	default:
		return parse_machine(key, arg, state);
	}
}

/* As typed, for people to read. */
static void command_join(char *command, size_t bytes, int argc, char **argv)
{
	size_t at = 0;

	command[0] = '\0';
	for (int i = 0; i < argc && at < bytes; i++) {
		const char *quote = strpbrk(argv[i], " \t\n'\"\\$*?;&|<>()") &&
				    i ? "'" : "";

		at += (size_t)snprintf(command + at, bytes - at, "%s%s%s%s",
				       i ? " " : "", quote, argv[i], quote);
	}
}

/* Where the guest's console goes; -1 after an error. */
static int console_open(struct options *o)
{
	int fd;

	if (!o->console) {
		o->record.progress = isatty(STDERR_FILENO) &&
				     !isatty(STDOUT_FILENO);
		return STDOUT_FILENO;
	}
	o->record.progress = isatty(STDERR_FILENO);
	fd = open(o->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		cmd_error("cannot write %s: %m", o->console);
	return fd;
}

int cmd_record(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.doc = "Records every exit, TLB flush and hypercall of a "
		       "guest into a trace. Ends when the guest powers off, "
		       "after --duration, or at Ctrl-C.",
	};
	struct options o = { .record.output = OUTPUT_DEFAULT };
	char command[COMMAND_BYTES];
	int status;

	command_join(command, sizeof(command), argc, argv);
	o.record.command = command;
	if (cmd_parse(&argp, argc, argv, &o))
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
