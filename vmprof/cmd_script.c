/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof script: every record of a trace, a line each, in the order of time.
 */
#include "vmprof/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/name_list.h"
#include "command/options.h"
#include "command/output.h"
#include "reports/script.h"
#include "vmprof/trace_input.h"

struct options {
	const char *input, *output;
	size_t format;		/* of script_formats */
	struct script *script;
};

static const char *format_name(size_t i)
{
	return script_formats[i].name;
}

static void fields_list(void)
{
	for (int column = 0; column < SCRIPT_COLUMNS; column++)
		printf("%-15s %s\n", script_column_name(column),
		       script_column_help(column));
}

static const char *field_name(size_t i)
{
	return i < SCRIPT_COLUMNS ? script_column_name((int)i) : NULL;
}

static error_t take_fields(const struct option_row *row, const char *list,
			   void *script, const struct argp_state *state)
{
	char bad[32], valid[NAME_LIST_BYTES] = "";

	(void)row;
	if (!strcmp(list, "help")) {
		fields_list();
		exit(cmd_end(CMD_DONE));
	}
	if (!script_choose(*(struct script **)script, list, bad, sizeof(bad)))
		return 0;
	for (int column = 0; column < SCRIPT_COLUMNS; column++)
		name_list_add(valid, script_column_name(column));
	argp_error(state, "field '%s' is unknown; valid: %s", bad, valid);
	return EINVAL;
}

static const struct option_row option_rows[] = {
	{ .name = "input", .letter = 'i', .argument = "FILE",
	  .help = "the trace (" TRACE_INPUT_DEFAULT ")",
	  .take = option_text, .offset = offsetof(struct options, input),
	  .offer = OFFER_FILES },
	{ .name = "output", .letter = 'o', .argument = "FILE",
	  .help = "write there instead of to stdout",
	  .take = option_text, .offset = offsetof(struct options, output),
	  .offer = OFFER_FILES },
	{ .name = "format", .argument = "FORMAT", .help = "how to print it",
	  .take = option_choice, .offset = offsetof(struct options, format),
	  .offer = OFFER_VALUES, .value_at = format_name },
	{ .name = "fields", .letter = 'F', .argument = "FIELD[,FIELD...]",
	  .help = "print these fields only; 'vmprof script -F help' lists them",
	  .take = take_fields, .offset = offsetof(struct options, script),
	  .offer = OFFER_LIST, .listed_at = field_name },
	{ .name = "stdio", .help = "text on stdout, as always",
	  .take = option_ignore },
	{ 0 }
};

static const struct command_syntax syntax = {
	.option = option_rows,
	.purpose = "Prints every record of a trace, a line each, in the order "
		   "of time; what was lost shows where it is missing.",
	.wanted = "give a trace with -i",
};

static int print_events(struct trace_input *in, const struct options *o)
{
	const struct script_format *format = &script_formats[o->format];
	struct event_run run;
	int more;

	source_merged(in->source);
	/* an output that takes no more would take long to fail at the end */
	while ((more = trace_input_read(in, &run)) > 0 &&
	       !ferror(o->script->out.to))
		for (unsigned int i = 0; i < run.count; i++)
			format->event(o->script,
				      event_run_record(run.first, i), run.cpu);
	return more < 0 ? more : 0;
}

static int script_with(struct trace_input *in, const struct options *o,
		       struct key_context *context)
{
	const struct script_format *format = &script_formats[o->format];
	struct script *s = o->script;
	struct report_trace trace;
	FILE *to = output_open(o->output);
	int err, close_err;

	if (!to)
		return -EIO;
	out_init(&s->out, to);
	s->origin = source_origin(in->source);
	s->context = context;
	if (format->begin)
		format->begin(s);
	err = print_events(in, o);
	out_flush(&s->out);
	if (!err)
		err = trace_input_describe(in, &trace);
	close_err = output_close(to, o->output);
	return err ? err : close_err;
}

static int script(struct trace_input *in, const struct options *o)
{
	struct key_context context = {
		.origin = source_origin(in->source),
		.guests = in->guests,
	};
	int err = key_context_init(&context);

	if (err) {
		cmd_error("cannot print %s: %s", in->path, strerror(-err));
		return err;
	}
	err = script_with(in, o, &context);
	key_context_exit(&context);
	return err;
}

int cmd_script(int argc, char **argv)
{
	struct options o = {
		.input = TRACE_INPUT_DEFAULT,
		.script = calloc(1, sizeof(*o.script)),
	};
	struct trace_input in;
	int status = CMD_ERROR;

	if (!o.script) {
		cmd_error("out of memory");
		return CMD_ERROR;
	}
	if (options_take(&syntax, argc, argv, &o)) {
		status = CMD_USAGE;
	} else if (!trace_input_open(&in, o.input)) {
		if (!script(&in, &o))
			status = CMD_DONE;
		trace_input_close(&in);
	}
	free(o.script);
	return status;
}
