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
#include "command/options.h"
#include "command/output.h"
#include "command/units.h"
#include "command/value.h"
#include "vmprof/trace_input.h"

/* Rows of the table by symbol when nothing was asked for: a screen full. */
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

static const char *format_name(size_t i)
{
	return report_formats[i].name;
}

static error_t take_rows(const struct option_row *row, const char *arg,
			 void *to, const struct argp_state *state)
{
	struct options *o = to;

	o->rows_given = true;
	/* --all has no value, and no bound */
	if (!arg || !units_parse_number(arg, 0, SIZE_MAX, &o->rows_max))
		return 0;
	return value_refuse(state, row->name, arg, "a number of rows");
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
	{ .name = "sort", .letter = 's', .argument = "KEY[,KEY...]",
	  .help = "group exits by", .take = take_sort,
	  .offer = OFFER_LIST, .value_at = sort_key_at },
	{ .name = "format", .argument = "FORMAT", .help = "how to print it",
	  .take = option_choice, .offset = offsetof(struct options, format),
	  .offer = OFFER_VALUES, .value_at = format_name },
	{ .name = "rows", .letter = 'n', .argument = "ROWS",
	  .help = "at most so many rows of exits; 0: all", .take = take_rows },
	{ .name = "all", .help = "the same as -n 0", .take = take_rows },
	{ .name = "cycles", .help = "text: costs in cycles, not time",
	  .take = option_flag, .offset = offsetof(struct options, cycles) },
	{ .name = "stdio", .help = "text on stdout, as always",
	  .take = option_ignore },
	{ 0 }
};

static const struct command_syntax syntax = {
	.option = option_rows,
	.purpose = "Where did the cycles go? Prints VM exits by what caused "
		   "them, TLB flushes by cause, hypercalls by number, and what "
		   "was missed.",
	.wanted = "give a trace with -i",
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
	if (err || report_formats[o->format].limits & REPORT_ONE_TABLE)
		return err;
	return add_exits(r, o, context, keys, 2, SYMBOL_ROWS_DEFAULT);
}

static int run_add(struct summary *s, const struct event_run *run)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < run->count; i++)
		err = summary_add(s, event_run_record(run->first, i), run->cpu);
	return err;
}

static int read_events(struct report *r, struct trace_input *in)
{
	struct event_run run;
	int more;

	while ((more = trace_input_read(in, &run)) > 0) {
		for (size_t i = 0; i < r->exits_count; i++) {
			int err = run_add(r->exits[i].summary, &run);

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
	int err = add_tables(&r, o, in, context), damaged = 0;

	if (err)
		cmd_error("%s: %s", in->path, strerror(-err));
	if (!err)
		err = read_events(&r, in);
	if (!err) {
		damaged = trace_input_describe(in, &r.trace);
		if (report_formats[o->format].limits & REPORT_ROWS_ONLY &&
		    r.trace.missed)
			cmd_error("%" PRIu64 " of %" PRIu64
				  " events were missed", r.trace.missed,
				  r.trace.written);
		err = print(&r, o);
	}
	for (size_t i = 0; i < r.exits_count; i++)
		summary_free(r.exits[i].summary);
	return err ? err : damaged;
}

static int report(const struct options *o, struct trace_input *in)
{
	struct key_context context = {
		.origin = source_origin(in->source),
		.guests = in->guests,
	};
	int err = key_context_init(&context);

	if (err) {
		cmd_error("%s: %s", in->path, strerror(-err));
		return err;
	}
	err = report_with(o, in, &context);
	key_context_exit(&context);
	return err;
}

int cmd_report(int argc, char **argv)
{
	struct options o = { .input = TRACE_INPUT_DEFAULT };
	struct trace_input in;
	int err;

	if (options_take(&syntax, argc, argv, &o))
		return CMD_USAGE;
	err = trace_input_open(&in, o.input);
	if (!err)
		err = report(&o, &in);
	trace_input_close(&in);
	return err ? CMD_ERROR : CMD_DONE;
}
