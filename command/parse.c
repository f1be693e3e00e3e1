/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Option parsing and messages, the same for every program.
 */
#include "command/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/status.h"

#define KEY_USAGE 0x10000

static const struct argp_option common_options[] = {
	{ "help", '?', NULL, 0, "show this help", -1 },
	{ "usage", KEY_USAGE, NULL, 0, "show a short usage line", -1 },
	{ 0 }
};

static error_t common_parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	switch (key) {
	case '?':
		argp_help(state->root_argp, stdout,
			  ARGP_HELP_USAGE | ARGP_HELP_DOC | ARGP_HELP_LONG,
			  state->name);
		exit(cmd_end(CMD_DONE));
	case KEY_USAGE:
		argp_help(state->root_argp, stdout, ARGP_HELP_USAGE,
			  state->name);
		exit(cmd_end(CMD_DONE));
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp common_argp = {
	.options = common_options,
	.parser = common_parse,
};

int cmd_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	/* texts at the root only, or help shows them once for each level */
	struct argp own = *argp;
	const struct argp_child children[] = {
		{ &own, 0, NULL, 0 },	/* first: argp hands it the input */
		{ &common_argp, 0, NULL, 0 },
		{ 0 }
	};
	const struct argp root = {
		.args_doc = argp->args_doc,
		.doc = argp->doc,
		.children = children,
	};

	own.args_doc = NULL;
	own.doc = NULL;
	if (!argp_parse(&root, argc, argv, ARGP_NO_HELP | ARGP_NO_EXIT, NULL,
			input))
		return 0;
	argp_help(&root, stderr, ARGP_HELP_USAGE, argv[0]);
	return CMD_USAGE;
}

void cmd_error(const char *fmt, ...)
{
	va_list args, again;

	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(args, fmt);
	va_copy(again, args);
	vfprintf(stderr, fmt, args);
	status_vsay("error", fmt, again);
	va_end(again);
	va_end(args);
	fputc('\n', stderr);
}
