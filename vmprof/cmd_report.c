/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof report: where did the cycles go? Reads a trace, sums it up, prints.
 */
#include "vmprof/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/name_list.h"
#include "command/output.h"
#include "command/units.h"
#include "command/value.h"
#include "vmprof/trace_input.h"

/* Of the table by symbol when nothing was asked for: it fills a screen. */
#define SYMBOL_ROWS_DEFAULT 30

struct options {
	const char *input, *output;
	size_t format;		/* of report_formats */
	enum key key[KEYS];
	int keys;		/* 0: no --sort */
	size_t rows_max;
	bool rows_given;
	bool cycles;
};

enum {
	KEY_FORMAT = 0x100,
	KEY_STDIO,
	KEY_ALL,
	KEY_CYCLES,
};

static const struct argp_option argp_options[] = {
	{ "input", 'i', "FILE", 0, "the trace (" TRACE_INPUT_DEFAULT ")", 0 },
	{ "output", 'o', "FILE", 0, "write there instead of to stdout", 0 },
	{ "sort", 's', "KEY[,KEY...]", 0, "group exits by ", 0 },
	{ "format", KEY_FORMAT, "FORMAT", 0, "one of ", 0 },
	{ "rows", 'n', "ROWS", 0, "at most so many rows of exits; 0: all", 0 },
	{ "all", KEY_ALL, NULL, 0, "the same as -n 0", 0 },
	{ "cycles", KEY_CYCLES, NULL, 0, "text: costs in cycles, not time", 0 },
	{ "stdio", KEY_STDIO, NULL, 0, "text on stdout, as always", 0 },
	{ 0 }
};

static void keys_list(char list[NAME_LIST_BYTES])
{
	list[0] = '\0';
	for (int key = 0; key < KEYS; key++)
		if (key_rows[key].records & KEY_EXITS)
			name_list_add(list, key_rows[key].name);
}

static error_t parse_sort(struct options *o, const char *list,
			  struct argp_state *state)
{
	char bad[32], valid[NAME_LIST_BYTES];

	o->keys = key_parse(list, KEY_EXITS, o->key, bad, sizeof(bad));
	if (o->keys > 0)
		return 0;
	keys_list(valid);
	argp_error(state, "sort key '%s' is unknown or given twice; valid: %s",
		   bad, valid);
	return EINVAL;
}

static const char *format_name(size_t i)
{
	return report_formats[i].name;
}

/* Adds to an option's help the names that its table has. */
static char *help_filter(int key, const char *text, void *input)
{
	char names[NAME_LIST_BYTES] = "", *help = NULL;

	(void)input;
	if (key == 's')
		keys_list(names);
	for (size_t i = 0; key == KEY_FORMAT && format_name(i); i++)
		name_list_add(names, format_name(i));
	/* argp prints what it is given back, and frees it if it is new */
	if (!*names || asprintf(&help, "%s%s", text, names) < 0)
		return (char *)text;
	return help;
}

static error_t parse_rows(struct options *o, const char *arg,
			  struct argp_state *state)
{
	o->rows_given = true;
	if (!units_parse_number(arg, 0, SIZE_MAX, &o->rows_max))
		return 0;
	argp_error(state, "'%s' is no number of rows", arg);
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
	case 's':
		return parse_sort(o, arg, state);
	case KEY_FORMAT:
		return value_choose(state, "format", arg, format_name,
				    &o->format);
	case 'n':
		return parse_rows(o, arg, state);
	case KEY_ALL:
		return parse_rows(o, "0", state);
	case KEY_CYCLES:
		o->cycles = true;
		return 0;
	case KEY_STDIO:
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse,
	.help_filter = help_filter,
	.doc = "Where did the cycles go? Prints VM exits by what caused them, "
	       "TLB flushes by cause, hypercalls by number, and what was "
	       "missed.",
};

static int add_exits(struct report *r, const struct options *o,
		     struct key_context *context, const enum key *keys,
		     size_t count, size_t rows_max)
{
	struct report_exits *exits = &r->exits[r->exits_count];

	exits->summary = summary_new(keys, count, context);
	if (!exits->summary)
		return -ENOMEM;
	exits->rows_max = o->rows_given ? o->rows_max : rows_max;
	r->exits_count++;
	return 0;
}

static bool is_of_process(enum key key)
{
	return key == BY_PROCESS || key == BY_COMM || key == BY_PID;
}

/* The tables asked for, or the two that show most. */
static int add_tables(struct report *r, const struct options *o,
		      const struct trace_input *in, struct key_context *context)
{
	static const enum key keys[] = { BY_REASON, BY_SYM };
	bool processes = false;
	int err;

	for (int i = 0; i < o->keys; i++)
		processes |= is_of_process(o->key[i]);
	if (processes && !trace_input_has_processes(in))
		cmd_error("%s does not say what processes its guests ran",
			  in->path);
	if (o->keys)
		return add_exits(r, o, context, o->key, o->keys, 0);
	err = add_exits(r, o, context, keys, 1, 0);
	if (err || report_formats[o->format].one_table)
		return err;
	return add_exits(r, o, context, keys, 2, SYMBOL_ROWS_DEFAULT);
}

static int read_events(struct report *r, struct trace_input *in)
{
	const struct event_header *ev;
	unsigned int cpu;
	int more;

	while ((more = trace_input_next(in, &ev, &cpu)) > 0) {
		for (size_t i = 0; i < r->exits_count; i++) {
			int err = summary_add(r->exits[i].summary, ev, cpu);

			if (!err)
				continue;
			cmd_error("%s: cannot sum up: %s", in->path,
				  strerror(-err));
			return err;
		}
	}
	return more;
}

static int print(const struct report *r, const struct options *o)
{
	FILE *to = output_open(o->output);
	int err, close_err;

	if (!to)
		return -EIO;
	err = report_formats[o->format].print(to, r);
	if (err)
		cmd_error("cannot print: %s", strerror(-err));
	close_err = output_close(to, o->output);
	return err ? err : close_err;
}

static int report_with(const struct options *o, struct trace_input *in,
		       struct key_context *context)
{
	struct report r = { .cycles = o->cycles };
	int err = add_tables(&r, o, in, context);

	if (err)
		cmd_error("%s: %s", in->path, strerror(-err));
	if (!err)
		err = read_events(&r, in);
	if (!err) {
		trace_input_describe(in, &r.trace);
		/* the one format without a place for it */
		if (report_formats[o->format].print == report_print_csv &&
		    r.trace.missed)
			cmd_error("%" PRIu64 " of %" PRIu64
				  " events were missed", r.trace.missed,
				  r.trace.written);
		err = print(&r, o);
	}
	for (size_t i = 0; i < r.exits_count; i++)
		summary_free(r.exits[i].summary);
	return err;
}

static int report(const struct options *o, struct trace_input *in)
{
	struct key_context context = {
		.machine = source_machine(in->source),
	};
	int err = key_context_init(&context);

	if (err) {
		cmd_error("%s: %s", in->path, strerror(-err));
		return err;
	}
	memcpy(context.symtab, in->symtab, sizeof(context.symtab));
	memcpy(context.processes, in->processes, sizeof(context.processes));
	err = report_with(o, in, &context);
	key_context_exit(&context);
	return err;
}

int cmd_report(int argc, char **argv)
{
	struct options o = { .input = TRACE_INPUT_DEFAULT };
	struct trace_input in;
	int err;

	if (cmd_parse(&argp, argc, argv, &o))
		return CMD_USAGE;
	err = trace_input_open(&in, o.input);
	if (!err)
		err = report(&o, &in);
	trace_input_close(&in);
	return err ? CMD_ERROR : CMD_DONE;
}
