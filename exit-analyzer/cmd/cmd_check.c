/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer check: the gate. A result against a baseline, and an exit
 * status that closes a CI job.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>

#include "command/output.h"
#include "command/units.h"
#include "command/value.h"
#include "exit-analyzer/format/formats.h"
#include "exit-analyzer/cmd/result_load.h"
#include "exit-analyzer/cmd/verdict_status.h"

#define WHY_BYTES 8192

struct options {
	const char *baseline, *result, *output;
	size_t format;		/* of verdict_formats */
	struct verdict_limits limits;
};

enum {
	KEY_BASELINE = 0x100,
	KEY_FORMAT,
	KEY_THRESHOLD,
	KEY_THRESHOLD_TICKS,
	KEY_FORCE,
};

static const struct argp_option argp_options[] = {
	{ "baseline", KEY_BASELINE, "FILE", 0,
	  "what to check against; required", 0 },
	{ "threshold", KEY_THRESHOLD, "PERCENT", 0,
	  "a row may get so much dearer (0; 2 if not deterministic)", 0 },
	{ "threshold-ticks", KEY_THRESHOLD_TICKS, "N", 0,
	  "or by so many ticks (0; 20 if not deterministic)", 0 },
	{ "format", KEY_FORMAT, "FORMAT", 0,
	  "text, json, junit, markdown, github or gitlab", 0 },
	{ "output", 'o', "FILE", 0, "write there instead of to stdout", 0 },
	{ "force", KEY_FORCE, NULL, 0,
	  "compare although the baseline is of another machine", 0 },
	{ 0 }
};

static const char *format_name(size_t i)
{
	return verdict_formats[i].name;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	uint64_t ticks;

	switch (key) {
	case KEY_BASELINE:
		o->baseline = arg;
		return 0;
	case KEY_FORMAT:
		return value_choose(state, "format", arg, format_name,
				    &o->format);
	case KEY_THRESHOLD:
		if (!units_parse_percent(arg, &o->limits.floor_percent))
			return 0;
		return value_refuse(state, "threshold", arg, "a percentage");
	case KEY_THRESHOLD_TICKS:
		if (units_parse_number(arg, 0, UINT64_MAX, &ticks))
			return value_refuse(state, "threshold-ticks", arg,
					    "a number");
		o->limits.floor_ticks = (double)ticks;
		return 0;
	case KEY_FORCE:
		o->limits.force = true;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->result)
			break;
		o->result = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->baseline && o->result)
			return 0;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	argp_error(state, "give --baseline FILE and one RESULT");
	return EINVAL;
}

static int verdict_output(const struct options *o, const struct verdict *v)
{
	FILE *to = output_open(o->output);

	if (!to)
		return CMD_ERROR;
	verdict_formats[o->format].print(to, v, o->baseline);
	if (output_close(to, o->output))
		return CMD_ERROR;
	return verdict_status(v);
}

static int check(const struct options *o, struct result *old,
		 struct result *new)
{
	struct verdict v;
	char why[WHY_BYTES];
	int status;

	result_sort(old);
	result_sort(new);
	if (verdict_make(&v, old, new, &o->limits, why, sizeof(why))) {
		cmd_error("cannot check %s against %s: %s", o->result,
			  o->baseline, why);
		return CMD_ERROR;
	}
	status = verdict_output(o, &v);
	verdict_release(&v);
	return status;
}

int cmd_check(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "RESULT",
		.doc = "Compares a result with a baseline. Exit status 3 if a "
		       "row got dearer than the thresholds allow, or is gone.",
	};
	struct options o = {
		.limits = { .floor_percent = -1, .floor_ticks = -1 },
	};
	struct result old, new = { 0 };
	int status = CMD_ERROR;

	if (cmd_parse(&argp, argc, argv, &o))
		return CMD_USAGE;
	if (!result_load(&old, o.baseline) && !result_load(&new, o.result))
		status = check(&o, &old, &new);
	result_release(&old);
	result_release(&new);
	return status;
}
