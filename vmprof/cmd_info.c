/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof info: what a trace file holds, and whether all of it is there.
 */
#include "vmprof/cmd.h"

#include <errno.h>

#include "command/value.h"
#include "vmprof/trace_info.h"
#include "vmprof/trace_input.h"

struct info_format {
	const char *name;
	int (*print)(FILE *to, const struct trace_info *info);
};

/* Ends with a row whose name is NULL; the first is the default. */
static const struct info_format formats[] = {
	{ "text", trace_info_print_text },
	{ "json", trace_info_print_json },
	{ 0 }
};

struct options {
	const char *input;
	size_t format;		/* of formats */
};

enum { KEY_FORMAT = 0x100 };

static const struct argp_option argp_options[] = {
	{ "input", 'i', "FILE", 0, "the trace (" TRACE_INPUT_DEFAULT ")", 0 },
	{ "format", KEY_FORMAT, "FORMAT", 0, "text or json", 0 },
	{ 0 }
};

static const char *format_name(size_t i)
{
	return formats[i].name;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'i':
		o->input = arg;
		return 0;
	case KEY_FORMAT:
		return value_choose(state, "format", arg, format_name,
				    &o->format);
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is not an option; give a trace with "
			   "-i", arg);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_info(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.doc = "Shows what a trace file holds, and whether all of it "
		       "is there.",
	};
	struct options o = { .input = TRACE_INPUT_DEFAULT };
	struct trace_info info;
	int status = CMD_DONE;

	if (cmd_parse(&argp, argc, argv, &o))
		return CMD_USAGE;
	if (!trace_info_gather(&info, o.input))
		return CMD_ERROR;
	if (formats[o.format].print(stdout, &info)) {
		cmd_error("out of memory");
		status = CMD_ERROR;
	}
	if (info.damaged)
		status = CMD_ERROR;
	trace_info_release(&info);
	return status;
}
