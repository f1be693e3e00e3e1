/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof: the table of its commands, and the choice among them.
 */
#include "vmprof/cmd.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct cmd cmds[] = {
	{ "record", cmd_record, "record a guest's exits into a trace" },
	{ "report", cmd_report, "where did the cycles go" },
	{ "script", cmd_script, "print every record of a trace" },
	{ "info", cmd_info, "what a trace file holds" },
};

static void help_print(FILE *to)
{
	fprintf(to, "Usage: vmprof COMMAND [OPTION...]\n"
		    "       vmprof --help | --version\n\n"
		    "A profiler for virtual machines. Commands, which may be "
		    "shortened:\n");
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++)
		fprintf(to, "  %-10s %s\n", cmds[i].name, cmds[i].help);
	fprintf(to, "\n'vmprof COMMAND --help' shows the options of one.\n");
}

/* An exact name, or the only one that begins so; NULL, having said why. */
static const struct cmd *cmd_find(const char *name)
{
	const struct cmd *found = NULL;
	bool ambiguous = false;

	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		if (!strcmp(cmds[i].name, name))
			return &cmds[i];
		if (!*name || strncmp(cmds[i].name, name, strlen(name)))
			continue;
		ambiguous = found;
		found = &cmds[i];
	}
	if (found && !ambiguous)
		return found;
	cmd_error("%s command '%s'; there are:",
		  ambiguous ? "ambiguous" : "unknown", name);
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
		printf("vmprof %s\n", VERSION);
		return stdout_finish(CMD_DONE);
	}
	cmd = cmd_find(argv[1]);
	if (!cmd)
		return CMD_USAGE;
	snprintf(name, sizeof(name), "vmprof %s", cmd->name);
	argv[1] = name;
	return stdout_finish(cmd->fn(argc - 1, argv + 1));
}
