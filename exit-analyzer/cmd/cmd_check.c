/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer check: the gate. A result against a baseline, and an exit
 * status that closes a CI job.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>

#include "command/options.h"
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

static const char *format_name(size_t i)
{
	return verdict_formats[i].name;
}

static error_t take_percent(const struct option_row *row, const char *arg,
			    void *to, const struct argp_state *state)
{
	if (!units_parse_percent(arg, to))
		return 0;
	return value_refuse(state, row->name, arg, "a percentage");
}

static error_t take_ticks(const struct option_row *row, const char *arg,
			  void *to, const struct argp_state *state)
{
	uint64_t ticks;

	if (units_parse_number(arg, 0, UINT64_MAX, &ticks))
		return value_refuse(state, row->name, arg, "a number");
	*(double *)to = (double)ticks;
	return 0;
}

static const struct option_row option_rows[] = {
	{ .name = "baseline", .argument = "FILE",
	  .help = "what to check against; required",
	  .take = option_text, .offset = offsetof(struct options, baseline),
	  .offer = OFFER_FILES },
	{ .name = "threshold", .argument = "PERCENT",
	  .help = "a row may get so much dearer (0; 2 if not deterministic)",
	  .take = take_percent,
	  .offset = offsetof(struct options, limits.floor_percent) },
	{ .name = "threshold-ticks", .argument = "N",
	  .help = "or by so many ticks (0; 20 if not deterministic)",
	  .take = take_ticks,
	  .offset = offsetof(struct options, limits.floor_ticks) },
	{ .name = "format", .argument = "FORMAT", .help = "how to print it",
	  .take = option_choice, .offset = offsetof(struct options, format),
	  .offer = OFFER_VALUES, .value_at = format_name },
	{ .name = "output", .letter = 'o', .argument = "FILE",
	  .help = "write there instead of to stdout",
	  .take = option_text, .offset = offsetof(struct options, output),
	  .offer = OFFER_FILES },
	{ .name = "force",
	  .help = "compare although the baseline is of another machine",
	  .take = option_flag,
	  .offset = offsetof(struct options, limits.force) },
	{ 0 }
};

#define WANTED "give --baseline FILE and one RESULT"

static const char *conflict(void *options)
{
	const struct options *o = options;

	return o->baseline && o->result ? NULL : WANTED;
}

static const struct command_syntax syntax = {
	.option = option_rows,
	.arguments = "RESULT",
	.argument_offer = OFFER_FILES,
	.purpose = "Compares a result with a baseline. Exit status 3 if a row "
		   "got dearer than the thresholds allow, or is gone.",
	.one = offsetof(struct options, result),
	.wanted = WANTED,
	.conflict = conflict,
};

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
	struct options o = {
		.limits = { .floor_percent = -1, .floor_ticks = -1 },
	};
	struct result old, new = { 0 };
	int status = CMD_ERROR;

	if (options_take(&syntax, argc, argv, &o))
		return CMD_USAGE;
	if (!result_load(&old, o.baseline) && !result_load(&new, o.result))
		status = check(&o, &old, &new);
	result_release(&old);
	result_release(&new);
	return status;
}
