/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer bless: a result becomes the baseline that others are checked
 * against.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <string.h>

#include "exit-analyzer/cmd/result_load.h"

struct options {
	const char *result, *baseline;
};

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "the baseline to write; required", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'o':
		o->baseline = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->result)
			break;
		o->result = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->result && o->baseline)
			return 0;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	argp_error(state, "give one RESULT and -o BASELINE");
	return EINVAL;
}

int cmd_bless(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "RESULT",
		.doc = "Accepts a result: writes it as the baseline, sorted, "
		       "one row a line, to be committed and reviewed.",
	};
	struct options o = { 0 };
	struct result r;
	const char *why;
	int err;

	if (cmd_parse(&argp, argc, argv, &o))
		return CMD_USAGE;
	if (result_load(&r, o.result))
		return CMD_ERROR;
	why = result_fault(&r);
	if (why) {
		cmd_error("%s is no baseline: %s", o.result, why);
		result_release(&r);
		return CMD_ERROR;
	}
	err = result_write(&r, o.baseline);
	if (err)
		cmd_error("cannot write %s: %s", o.baseline, strerror(-err));
	result_release(&r);
	return err ? CMD_ERROR : CMD_DONE;
}
