/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer bless: a result becomes the baseline that others are checked
 * against.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <string.h>

#include "command/options.h"
#include "exit-analyzer/cmd/result_load.h"

struct options {
	const char *baseline, *result;
};

static const struct option_row option_rows[] = {
	{ .name = "output", .letter = 'o', .argument = "FILE",
	  .help = "the baseline to write; required",
	  .take = option_text, .offset = offsetof(struct options, baseline),
	  .offer = OFFER_FILES },
	{ 0 }
};

#define WANTED "give one RESULT and -o BASELINE"

static const char *conflict(void *options)
{
	const struct options *o = options;

	return o->result && o->baseline ? NULL : WANTED;
}

static const struct command_syntax syntax = {
	.option = option_rows,
	.arguments = "RESULT",
	.argument_offer = OFFER_FILES,
	.purpose = "Accepts a result: writes it as the baseline, sorted, one "
		   "row a line, to be committed and reviewed.",
	.one = offsetof(struct options, result),
	.wanted = WANTED,
	.conflict = conflict,
};

/* Rows that a baseline lacks are new in every check, and pass. */
static void rows_note(const struct result *r, const char *baseline)
{
	const char *asked = result_fact(&r->recorded, RESULT_ASKED);

	if (asked)
		fprintf(stderr, "[ exit-analyzer bless: %s gates these rows "
			"only: %s ]\n", baseline, asked);
}

int cmd_bless(int argc, char **argv)
{
	struct options o = { 0 };
	struct result r;
	const char *why;
	int err;

	if (options_take(&syntax, argc, argv, &o))
		return CMD_USAGE;
	if (result_load(&r, o.result))
		return CMD_ERROR;
	why = result_fault(&r);
	if (why) {
		cmd_error("cannot bless %s: %s", o.result, why);
		result_release(&r);
		return CMD_ERROR;
	}
	err = result_write(&r, o.baseline);
	if (err)
		cmd_error("cannot write %s: %s", o.baseline, strerror(-err));
	else
		rows_note(&r, o.baseline);
	result_release(&r);
	return err ? CMD_ERROR : CMD_DONE;
}
