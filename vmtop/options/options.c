/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line.
 */
#include "vmtop/options/options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/name_list.h"
#include "command/options.h"
#include "command/units.h"
#include "command/value.h"

/* of a trace; of machines, no shorter than that: */
#define DELAY_MIN_S	0.001
#define DELAY_LIVE_MIN_S 0.05
#define DELAY_MAX_S	3600

static error_t number_take(const char *arg, double min, double max,
			   double *to, const char *what,
			   const struct argp_state *state)
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
	argp_error(state, "the %s must be %g to %g, not '%s'", what, min, max,
		   arg);
	return EINVAL;
}

static error_t take_delay(const struct option_row *row, const char *arg,
			  void *to, const struct argp_state *state)
{
	(void)row;
	return number_take(arg, DELAY_MIN_S, DELAY_MAX_S, to,
			   "delay in seconds", state);
}

static error_t take_speed(const struct option_row *row, const char *arg,
			  void *to, const struct argp_state *state)
{
	(void)row;
	return number_take(arg, 0, 1e6, to, "speed", state);
}

static error_t take_seek(const struct option_row *row, const char *arg,
			 void *to, const struct argp_state *state)
{
	(void)row;
	return number_take(arg, 0, 1e9, to, "time in seconds", state);
}

static error_t take_intervals(const struct option_row *row, const char *arg,
			      void *to, const struct argp_state *state)
{
	if (!units_parse_number(arg, 1, ULONG_MAX, to))
		return 0;
	return value_refuse(state, row->name, arg, "a number of intervals");
}

static const char *format_name(size_t i)
{
	static const char *const names[FORMATS + 1] = {
#define FORMAT(name) [FORMAT_##name] = #name,
#include "vmtop/options/formats.def"
	};

	return names[i];
}

static error_t take_serve(const struct option_row *row, const char *arg,
			  void *to, const struct argp_state *state)
{
	struct options *o = to;

	(void)row;
	o->serve = true;
	if (!listen_parse(arg, &o->listen))
		return 0;
	argp_error(state, "cannot serve at '%s': not an address; give PORT, "
		   "HOST:PORT or [IPV6]:PORT", arg);
	return EINVAL;
}

static error_t take_version(const struct option_row *row, const char *arg,
			    void *to, const struct argp_state *state)
{
	(void)row;
	(void)arg;
	(void)to;
	(void)state;
	printf("vmtop %s\n", VERSION);
	exit(cmd_end(CMD_DONE));
}

/* The names of those that exits can be grouped by. */
static const char *sort_key_at(size_t i)
{
	for (int key = 0; key < KEYS; key++)
		if (key_rows[key].records & KEY_EXITS && !i--)
			return key_rows[key].name;
	return NULL;
}

static error_t take_sort(const struct option_row *row, const char *list,
			 void *to, const struct argp_state *state)
{
	char bad[32], valid[NAME_LIST_BYTES] = "";
	struct options *o = to;

	(void)row;
	o->keys = key_parse(list, KEY_EXITS, o->key, bad, sizeof(bad));
	if (o->keys > 0)
		return 0;
	for (size_t i = 0; sort_key_at(i); i++)
		name_list_add(valid, sort_key_at(i));
	argp_error(state, "sort key '%s' is unknown or given twice; valid: %s",
		   bad, valid);
	return EINVAL;
}

#define AT(field) .offset = offsetof(struct options, field)

static const struct option_row option_rows[] = {
	{ .name = "batch", .letter = 'b',
	  .help = "print intervals instead of a live view",
	  .take = option_flag, AT(batch) },
	{ .name = "delay", .letter = 'd', .argument = "SECONDS",
	  .help = "length of an interval (1)",
	  .take = take_delay, AT(delay_s),
	  .noted = offsetof(struct options, delay_given) },
	{ .name = "iterations", .letter = 'n', .argument = "NUMBER",
	  .help = "end after so many intervals",
	  .take = take_intervals, AT(intervals) },
	{ .name = "once",
	  .help = "the same as -b -n 1; of a trace, all of it as one interval",
	  .take = option_flag, AT(once) },
	{ .name = "format", .argument = "FORMAT", .help = "of -b",
	  .take = option_choice, AT(format), .offer = OFFER_VALUES,
	  .noted = offsetof(struct options, format_given),
	  .value_at = format_name },
	{ .name = "sort", .letter = 's', .argument = "KEY[,KEY...]",
	  .help = "of -b: group exits also by", .take = take_sort,
	  .offer = OFFER_LIST, .value_at = sort_key_at },
	{ .name = "replay", .argument = "FILE",
	  .help = "a trace instead of machines",
	  .take = option_text, AT(replay), .offer = OFFER_FILES },
	{ .name = "speed", .argument = "FACTOR",
	  .help = "of a replay: 1 is as it was, 0 is as fast as possible (1; "
		  "with -b 0)",
	  .take = take_speed, AT(speed) },
	{ .name = "seek", .argument = "SECONDS",
	  .help = "begin so far into the trace", .take = take_seek, AT(seek_s) },
	{ .name = "serve", .argument = "ADDRESS",
	  .help = "no view: serve metrics to Prometheus, to this host if "
		  "ADDRESS is a PORT, or at HOST:PORT", .take = take_serve },
	{ .name = "list-rows", .take = option_flag, AT(list_rows) },
	{ .name = "version", .help = "show the version", .take = take_version },
	{ 0 }
};

/* 0, or what is wrong with these together. */
static const char *options_conflict(const struct options *o)
{
	if (o->replay && o->names_count)
		return "cannot use machines' names with --replay: it shows a "
		       "trace";
	if (!o->replay && (o->speed >= 0 || o->seek_s > 0))
		return "cannot use --speed or --seek without --replay";
	if (!o->replay && o->delay_s < DELAY_LIVE_MIN_S)
		return "the delay must be 0.05 seconds or more without "
		       "--replay";
	if (o->format_given && !o->batch)
		return "cannot use --format without -b or --once";
	if (o->keys && !o->batch)
		return "cannot use --sort without -b or --once";
	if (o->intervals && !o->batch)
		return "cannot use -n without -b";
	if (o->serve && (o->batch || o->replay))
		return "cannot use --serve with -b, --once or --replay";
	return NULL;
}

static const char *complete(void *options)
{
	struct options *o = options;

	if (o->once) {
		o->batch = true;
		o->intervals = 1;
	}
	return options_conflict(o);
}

/* argp moves arguments behind the options: they are in one piece. */
static error_t take_name(void *options, char *arg,
			 const struct argp_state *state)
{
	struct options *o = options;

	(void)arg;
	if (!o->names_count++)
		o->names = state->argv + state->next - 1;
	return 0;
}

static const struct command_syntax syntax = {
	.option = option_rows,
	.arguments = "[MACHINE...]",
	.argument_offer = OFFER_MACHINES,
	.purpose = "Shows why virtual machines leave their guests, now: "
		   "VMs, vCPUs, exits by reason and by guest function, TLB "
		   "flushes and hypercalls of all running machines, or of those "
		   "named. Press h for the keys.",
	.take = take_name,
	.conflict = complete,
};

int options_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .delay_s = 1, .speed = -1 };
	if (options_take(&syntax, argc, argv, o))
		return CMD_USAGE;
	if (o->speed < 0)
		o->speed = o->batch ? 0 : 1;
	return 0;
}
