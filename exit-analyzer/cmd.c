/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Option parsing and messages, the same for every command.
 */
#include "exit-analyzer/cmd.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define KEY_USAGE 0x10000

static const struct argp_option common_options[] = {
	{ "help", '?', NULL, 0, "show this help", -1 },
	{ "usage", KEY_USAGE, NULL, 0, "show a short usage line", -1 },
	{ 0 }
};

static error_t common_parse(int key, char *arg, struct argp_state *state)
{
	unsigned int what = ARGP_HELP_USAGE;

	(void)arg;
	if (key != '?' && key != KEY_USAGE)
		return ARGP_ERR_UNKNOWN;
	if (key == '?')
		what |= ARGP_HELP_DOC | ARGP_HELP_LONG;
	argp_help(state->root_argp, stdout, what, state->name);
	exit(CMD_DONE);
}

static const struct argp common_argp = {
	.options = common_options,
	.parser = common_parse,
};

int cmd_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	/* texts at the root only, or help shows them once for each level */
	struct argp own = { .options = argp->options, .parser = argp->parser };
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

	if (!argp_parse(&root, argc, argv, ARGP_NO_HELP | ARGP_NO_EXIT, NULL,
			input))
		return 0;
	argp_help(&root, stderr, ARGP_HELP_USAGE, argv[0]);
	return CMD_USAGE;
}

void cmd_error(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("exit-analyzer: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

bool cmd_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno &&
	       *value >= min && *value <= max;
}

bool cmd_percent(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	if (end != text && *end == '%')
		end++;
	return end != text && !*end && isfinite(*value) && *value >= 0;
}

bool cmd_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMG";
	unsigned int shift = 0;
	const char *unit;
	char *end;

	errno = 0;
	*bytes = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * (unsigned int)(unit - units + 1);
		end++;
	}
	if (*text < '0' || *text > '9' || *end || errno || !*bytes ||
	    *bytes > UINT64_MAX >> shift)
		return false;
	*bytes <<= shift;
	return true;
}
