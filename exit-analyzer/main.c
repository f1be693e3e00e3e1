/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer: the table of its commands, and the choice among them.
 */
#include "exit-analyzer/cmd.h"

#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct cmd cmds[] = {
	{ "run", cmd_run, "measure what exits cost" },
	{ "check", cmd_check, "did it get worse than a baseline" },
	{ "compare", cmd_compare, "results side by side" },
	{ "bless", cmd_bless, "make a result the baseline" },
	{ "history", cmd_history, "results over time" },
	{ "list", cmd_list, "the rows of results" },
};

static void help_print(FILE *to)
{
	fprintf(to, "Usage: exit-analyzer COMMAND [OPTION...]\n"
		    "       exit-analyzer --help | --version\n\n"
		    "What VM exits cost, as a regression test. Commands, which "
		    "may be shortened:\n");
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++)
		fprintf(to, "  %-10s %s\n", cmds[i].name, cmds[i].help);
	fprintf(to, "\n'exit-analyzer COMMAND --help' shows the options of "
		    "one.\n");
}

/* An exact name, or the only one that begins so; NULL, having said why. */
static const struct cmd *cmd_find(const char *name)
{
	const struct cmd *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		if (!*name || strncmp(cmds[i].name, name, strlen(name)))
			continue;
		found = &cmds[i];
		count++;
	}
	if (count == 1)
		return found;
	cmd_error("%s command '%s'; there are:",
		  count ? "ambiguous" : "unknown", name);
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++)
		fprintf(stderr, "  %-10s %s\n", cmds[i].name, cmds[i].help);
	return NULL;
}

/* Output that did not reach its file is an error of the command. */
static int stdout_finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	cmd_error("cannot write the output: %m");
	return status == CMD_DONE ? CMD_ERROR : status;
}

int main(int argc, char **argv)
{
	const struct cmd *cmd;
	char name[32];

	if (argc < 2) {
		help_print(stderr);
		return CMD_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		help_print(stdout);
		return stdout_finish(CMD_DONE);
	}
	if (!strcmp(argv[1], "--version")) {
		printf("exit-analyzer %s\n", VERSION);
		return stdout_finish(CMD_DONE);
	}
	cmd = cmd_find(argv[1]);
	if (!cmd)
		return CMD_USAGE;
	snprintf(name, sizeof(name), "exit-analyzer %s", cmd->name);
	argv[1] = name;
	return stdout_finish(cmd->fn(argc - 1, argv + 1));
}
