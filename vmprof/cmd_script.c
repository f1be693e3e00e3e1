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
#include "command/output.h"
#include "command/value.h"
#include "reports/script.h"
#include "vmprof/time_order.h"
#include "vmprof/trace_input.h"

struct options {
	const char *input, *output;
	size_t format;		/* of script_formats */
	struct script *script;
};

enum {
	KEY_FORMAT = 0x100,
	KEY_STDIO,
};

static const struct argp_option argp_options[] = {
	{ "input", 'i', "FILE", 0, "the trace (" TRACE_INPUT_DEFAULT ")", 0 },
	{ "output", 'o', "FILE", 0, "write there instead of to stdout", 0 },
	{ "format", KEY_FORMAT, "FORMAT", 0, "text, csv or json-lines", 0 },
	{ "fields", 'F', "FIELD[,FIELD...]", 0,
	  "print these fields only; 'vmprof script -F help' lists them", 0 },
	{ "stdio", KEY_STDIO, NULL, 0, "text on stdout, as always", 0 },
	{ 0 }
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

static error_t parse_fields(struct options *o, const char *list,
			    struct argp_state *state)
{
	char bad[32], valid[NAME_LIST_BYTES] = "";

	if (!strcmp(list, "help")) {
		fields_list();
		exit(cmd_end(CMD_DONE));
	}
	if (!script_choose(o->script, list, bad, sizeof(bad)))
		return 0;
	for (int column = 0; column < SCRIPT_COLUMNS; column++)
		name_list_add(valid, script_column_name(column));
	argp_error(state, "field '%s' is unknown; valid: %s", bad, valid);
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'i':
		o->input = arg;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case KEY_FORMAT:
		return value_choose(state, "format", arg, format_name,
				    &o->format);
	case 'F':
		return parse_fields(o, arg, state);
	case KEY_STDIO:
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse,
	.doc = "Prints every record of a trace, a line each, in the order of "
	       "time; what was lost shows where it is missing.",
};

static int print_events(struct trace_input *in, const struct options *o)
{
	const struct script_format *format = &script_formats[o->format];
	struct time_order *order = time_order_open(in);
	const struct event_header *ev;
	unsigned int cpu;
	int more = -ENOMEM;

	/* an output that takes no more would take long to fail at the end */
	while (order && (more = time_order_next(order, &ev, &cpu)) > 0 &&
	       !ferror(o->script->out.to))
		format->event(o->script, ev, cpu);
	time_order_close(order);
	return more < 0 ? more : 0;
}

static int script(struct trace_input *in, const struct options *o)
{
	const struct script_format *format = &script_formats[o->format];
	struct script *s = o->script;
	struct report_trace trace;
	FILE *to = output_open(o->output);
	int err, close_err;

	if (!to)
		return -EIO;
	out_init(&s->out, to);
	s->machine = source_machine(in->source);
	memcpy(s->symtab, in->symtab, sizeof(s->symtab));
	memcpy(s->processes, in->processes, sizeof(s->processes));
	if (format->begin)
		format->begin(s);
	err = print_events(in, o);
	out_flush(&s->out);
	if (!err)
		trace_input_describe(in, &trace);
	close_err = output_close(to, o->output);
	return err ? err : close_err;
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
	if (cmd_parse(&argp, argc, argv, &o)) {
		status = CMD_USAGE;
	} else if (!trace_input_open(&in, o.input)) {
		if (!script(&in, &o))
			status = CMD_DONE;
		trace_input_close(&in);
	}
	free(o.script);
	return status;
}
