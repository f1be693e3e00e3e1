/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer import: makes a result of the console of a machine that
 * somebody else ran exit-bench on: KVM, Xen, any hypervisor, or none.
 */
#include "exit-analyzer/cmd/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/options.h"
#include "exit-analyzer/measure/suite_output.h"
#include "exit-analyzer/result/text_read.h"

#define OUTPUT_DEFAULT "exit-analyzer.json"
#define WHY_BYTES 1024
/* exit-bench prints some KiB; what else is on a console is bounded, too */
#define CONSOLE_BYTES_MAX (16u << 20)

struct options {
	const char *output, *console;
	struct result result;
};

/* exit-bench says these facts itself; nobody else may. */
static bool name_is_taken(const char *name, size_t length)
{
	static const char *const taken[] = { "suite", "cpu", "hypervisor",
					     "deterministic", RESULT_ASKED };

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strlen(taken[i]) == length &&
		    !strncmp(taken[i], name, length))
			return true;
	return false;
}

static error_t take_fact(const struct option_row *row, const char *arg,
			 void *facts, const struct argp_state *state)
{
	size_t length = strspn(arg, "abcdefghijklmnopqrstuvwxyz0123456789_");
	char *name;
	int err;

	(void)row;
	if (!length || arg[length] != '=' || name_is_taken(arg, length)) {
		argp_error(state, "'%s' is not NAME=VALUE with a name of a-z, "
			   "0-9 and _ that exit-bench does not say itself",
			   arg);
		return EINVAL;
	}
	name = strndup(arg, length);
	if (!name)
		return ENOMEM;
	err = result_fact_set(facts, name, "%s", arg + length + 1);
	free(name);
	return -err;
}

static error_t take_deterministic(const struct option_row *row, const char *arg,
				  void *machine,
				  const struct argp_state *state)
{
	(void)arg;
	(void)state;
	return -result_fact_set(machine, row->name, "yes");
}

static const struct option_row option_rows[] = {
	{ .name = "deterministic",
	  .help = "its time counts instructions, and repeats exactly",
	  .take = take_deterministic,
	  .offset = offsetof(struct options, result.machine) },
	{ .name = "fact", .argument = "NAME=VALUE",
	  .help = "of the machine; results must agree in it to be compared",
	  .take = take_fact,
	  .offset = offsetof(struct options, result.machine) },
	{ .name = "note", .argument = "NAME=VALUE",
	  .help = "only kept beside the rows", .take = take_fact,
	  .offset = offsetof(struct options, result.recorded) },
	{ .name = "output", .letter = 'o', .argument = "FILE",
	  .help = "the result (" OUTPUT_DEFAULT "); - is stdout",
	  .take = option_text, .offset = offsetof(struct options, output),
	  .offer = OFFER_FILES },
	{ 0 }
};

#define WANTED "give one CONSOLE"

static const char *conflict(void *options)
{
	const struct options *o = options;

	return o->console ? NULL : WANTED;
}

static const struct command_syntax syntax = {
	.option = option_rows,
	.arguments = "CONSOLE",
	.argument_offer = OFFER_FILES,
	.purpose = "Makes a result of what exit-bench said on the serial "
		   "console of a machine that was run by something else: "
		   "another hypervisor, or none.",
	.one = offsetof(struct options, console),
	.wanted = WANTED,
	.conflict = conflict,
};

/* Caller frees; NULL and errno. */
static char *console_read(const char *path)
{
	FILE *from = strcmp(path, "-") ? fopen(path, "re") : stdin;
	size_t bytes;
	char *text = from ? text_read(from, CONSOLE_BYTES_MAX, &bytes) : NULL;
	int err = errno;

	if (from && from != stdin)
		fclose(from);
	/* what else is on a console may have any byte; rows come after it */
	for (size_t i = 0; text && i < bytes; i++)
		if (!text[i])
			text[i] = ' ';
	errno = err;
	return text;
}

/* Keeps the rows of a run that failed, too: the result says so inside. */
static int import(struct options *o, const char *text)
{
	struct result *r = &o->result;
	char why[WHY_BYTES];
	int status = CMD_DONE, err;

	err = suite_output_parse(r, text, why, sizeof(why));
	if (!err && !r->rows) {
		err = -ENODATA;
		snprintf(why, sizeof(why), "the suite is empty");
	}
	if (err) {
		cmd_error("%s: %s", o->console, why);
		r->failure = strdup(why);
		status = CMD_ERROR;
	}
	if (!r->rows)
		return CMD_ERROR;
	err = suite_rounds_close(r, 1);
	if (!err)
		err = result_write(r, o->output);
	if (!err)
		return status;
	cmd_error("cannot write %s: %s", o->output, strerror(-err));
	return CMD_ERROR;
}

int cmd_import(int argc, char **argv)
{
	struct options o = { .output = OUTPUT_DEFAULT };
	int status = CMD_USAGE;
	char *text;

	if (result_fact_set(&o.result.machine, "deterministic", "no") ||
	    options_take(&syntax, argc, argv, &o))
		goto out;
	status = CMD_ERROR;
	text = console_read(o.console);
	if (text)
		status = import(&o, text);
	else
		cmd_error("cannot read %s: %m", o.console);
	free(text);
out:
	result_release(&o.result);
	return status;
}
