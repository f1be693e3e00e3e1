/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof info: what a trace file holds, and whether all of it is there.
 */
#include "vmprof/cmd.h"

#include <errno.h>
#include <string.h>

#include "vmprof/trace_info.h"

#define INPUT_DEFAULT "vmprof.data"

struct options {
	const char *input;
	int (*print)(FILE *to, const struct trace_info *info);
};

enum { KEY_FORMAT = 0x100 };

static const struct argp_option argp_options[] = {
	{ "input", 'i', "FILE", 0, "the trace (" INPUT_DEFAULT ")", 0 },
	{ "format", KEY_FORMAT, "FORMAT", 0, "text or json", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'i':
		o->input = arg;
		return 0;
	case KEY_FORMAT:
		if (!strcmp(arg, "text"))
			o->print = trace_info_print_text;
		else if (!strcmp(arg, "json"))
			o->print = trace_info_print_json;
		else
			break;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is not an option; give a trace with "
			   "-i", arg);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	argp_error(state, "format '%s' is unknown; valid: text, json", arg);
	return EINVAL;
}

int cmd_info(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.doc = "Shows what a trace file holds, and whether all of it "
		       "is there.",
	};
	struct options o = { .input = INPUT_DEFAULT,
			     .print = trace_info_print_text };
	struct trace_info info;
	int status = CMD_DONE;

	if (cmd_parse(&argp, argc, argv, &o))
		return CMD_USAGE;
	if (!trace_info_gather(&info, o.input))
		return CMD_ERROR;
	if (o.print(stdout, &info)) {
		cmd_error("out of memory");
		status = CMD_ERROR;
	}
	if (info.damaged)
		status = CMD_ERROR;
	trace_info_release(&info);
	return status;
}
