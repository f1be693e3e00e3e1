/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof info: what a trace file holds, and whether all of it is there.
 */
#include "vmprof/cmd.h"

#include <errno.h>

#include "command/options.h"
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

static const char *format_name(size_t i)
{
	return formats[i].name;
}

static const struct option_row option_rows[] = {
	{ .name = "input", .letter = 'i', .argument = "FILE",
	  .help = "the trace (" TRACE_INPUT_DEFAULT ")",
	  .take = option_text, .offset = offsetof(struct options, input),
	  .offer = OFFER_FILES },
	{ .name = "format", .argument = "FORMAT", .help = "how to print it",
	  .take = option_choice, .offset = offsetof(struct options, format),
	  .offer = OFFER_VALUES, .value_at = format_name },
	{ 0 }
};

static const struct command_syntax syntax = {
	.option = option_rows,
	.purpose = "Shows what a trace file holds, and whether all of it is "
		   "there.",
	.wanted = "give a trace with -i",
};

int cmd_info(int argc, char **argv)
{
	struct options o = { .input = TRACE_INPUT_DEFAULT };
	struct trace_info info;
	int status = CMD_DONE;

	if (options_take(&syntax, argc, argv, &o))
		return CMD_USAGE;
	if (!trace_info_gather(&info, o.input))
		return CMD_ERROR;
	if (formats[o.format].print(stdout, &info)) {
		cmd_error("out of memory");
		status = CMD_ERROR;
	}
	if (info.damages || info.failed)
		status = CMD_ERROR;
	trace_info_release(&info);
	return status;
}
