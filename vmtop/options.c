/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line.
 */
#include "vmtop/options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/units.h"
#include "command/value.h"
#include "vmtop/batch/batch.h"

/* of a trace; of machines, no shorter than that: */
#define DELAY_MIN_S	0.001
#define DELAY_LIVE_MIN_S 0.05
#define DELAY_MAX_S	3600

enum {
	KEY_FORMAT = 0x100,
	KEY_ONCE,
	KEY_REPLAY,
	KEY_SPEED,
	KEY_SEEK,
	KEY_SERVE,
	KEY_VERSION,
};

static const struct argp_option argp_options[] = {
	{ "batch", 'b', NULL, 0, "print intervals instead of a live view", 0 },
	{ "delay", 'd', "SECONDS", 0, "length of an interval (1)", 0 },
	{ "iterations", 'n', "NUMBER", 0, "end after so many intervals", 0 },
	{ "once", KEY_ONCE, NULL, 0, "the same as -b -n 1; of a trace, all "
	  "of it as one interval", 0 },
	{ "format", KEY_FORMAT, "FORMAT", 0, "of -b: text, csv or json", 0 },
	{ "replay", KEY_REPLAY, "FILE", 0, "a trace instead of machines", 0 },
	{ "speed", KEY_SPEED, "FACTOR", 0, "of a replay: 1 is as it was, 0 is "
	  "as fast as possible (1; with -b 0)", 0 },
	{ "seek", KEY_SEEK, "SECONDS", 0, "begin so far into the trace", 0 },
	{ "serve", KEY_SERVE, "ADDRESS", 0, "no view: serve metrics to "
	  "Prometheus, to this host if ADDRESS is a PORT, or at HOST:PORT", 0 },
	{ "version", KEY_VERSION, NULL, 0, "show the version", -1 },
	{ 0 }
};

static error_t parse_number(const char *arg, double min, double max,
			    double *to, const char *what,
			    struct argp_state *state)
{
	char *end;
	double v;

	/* strtod() would take "inf", "-1" and "0x10" */
	if (isdigit((unsigned char)arg[0]) && !strpbrk(arg, "xX")) {
		v = strtod(arg, &end);
		if (!*end && v >= min && v <= max) {
			*to = v;
			return 0;
		}
	}
	argp_error(state, "'%s' is no %s from %g to %g", arg, what, min, max);
	return EINVAL;
}

static error_t parse_intervals(struct options *o, const char *arg,
			       struct argp_state *state)
{
	if (!units_parse_number(arg, 1, ULONG_MAX, &o->intervals))
		return 0;
	argp_error(state, "'%s' is no number of intervals", arg);
	return EINVAL;
}

static const char *format_name(size_t i)
{
	return batch_formats[i].name;
}

static error_t parse_format(struct options *o, const char *arg,
			    struct argp_state *state)
{
	size_t i;
	error_t err = value_choose(state, "format", arg, format_name, &i);

	if (!err)
		o->format = &batch_formats[i];
	return err;
}

static error_t parse_serve(struct options *o, const char *arg,
			   struct argp_state *state)
{
	o->serve = true;
	if (!listen_parse(arg, &o->listen))
		return 0;
	argp_error(state, "'%s' is no address to serve at; give PORT, HOST:PORT "
		   "or [IPV6]:PORT", arg);
	return EINVAL;
}

/* 0, or what is wrong with these together. */
static const char *options_conflict(const struct options *o)
{
	if (o->replay && o->names_count)
		return "--replay shows a trace; it takes no machine's name";
	if (!o->replay && (o->speed >= 0 || o->seek_s > 0))
		return "--speed and --seek are for --replay";
	if (!o->replay && o->delay_s < DELAY_LIVE_MIN_S)
		return "a delay below 0.05 seconds is for --replay";
	if (o->format && !o->batch)
		return "--format is for -b and --once";
	if (o->intervals && !o->batch)
		return "-n is for -b";
	if (o->serve && (o->batch || o->replay))
		return "--serve shows no intervals and no trace";
	return NULL;
}

static error_t parse_end(struct options *o, struct argp_state *state)
{
	const char *conflict;

	if (o->once) {
		o->batch = true;
		o->intervals = 1;
	}
	conflict = options_conflict(o);
	if (!conflict)
		return 0;
	argp_error(state, "%s", conflict);
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'b':
		o->batch = true;
		return 0;
	case 'd':
		o->delay_given = true;
		return parse_number(arg, DELAY_MIN_S, DELAY_MAX_S, &o->delay_s,
				    "delay in seconds", state);
	case 'n':
		return parse_intervals(o, arg, state);
	case KEY_ONCE:
		o->once = true;
		return 0;
	case KEY_FORMAT:
		return parse_format(o, arg, state);
	case KEY_REPLAY:
		o->replay = arg;
		return 0;
	case KEY_SPEED:
		return parse_number(arg, 0, 1e6, &o->speed, "speed", state);
	case KEY_SEEK:
		return parse_number(arg, 0, 1e9, &o->seek_s,
				    "time in seconds", state);
	case KEY_SERVE:
		return parse_serve(o, arg, state);
	case ARGP_KEY_ARGS:
		o->names = state->argv + state->next;
		o->names_count = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		return parse_end(o, state);
	case KEY_VERSION:
		printf("vmtop %s\n", VERSION);
		exit(cmd_end(CMD_DONE));
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse,
	.args_doc = "[MACHINE...]",
	.doc = "What do virtual machines leave the guest for, now? Shows VMs, "
	       "vCPUs, exits by reason and by guest function, TLB flushes and "
	       "hypercalls of all running machines, or of those named. Press "
	       "h for the keys.",
};

int options_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .delay_s = 1, .speed = -1 };
	if (cmd_parse(&argp, argc, argv, o))
		return CMD_USAGE;
	if (o->speed < 0)
		o->speed = o->batch ? 0 : 1;
	if (!o->format)
		o->format = batch_formats;
	return 0;
}
