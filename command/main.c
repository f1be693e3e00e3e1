/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The main() of programs that are a table of commands.
 */
#include "command/command.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void cmds_print(const struct cmd_program *p, FILE *to)
{
	for (size_t i = 0; i < p->count; i++)
		fprintf(to, "  %-10s %s\n", p->cmds[i].name, p->cmds[i].help);
}

static void help_print(const struct cmd_program *p, FILE *to)
{
	fprintf(to, "Usage: %s COMMAND [OPTION...]\n"
		    "       %s --help | --version\n\n"
		    "%s Commands, which may be shortened:\n",
		p->name, p->name, p->purpose);
	cmds_print(p, to);
	fprintf(to, "\n'%s COMMAND --help' shows the options of one.\n",
		p->name);
}

/* An exact name, or the only one that begins so; NULL, having said why. */
static const struct cmd *cmd_find(const struct cmd_program *p, const char *name)
{
	const struct cmd *found = NULL;
	bool ambiguous = false;

	for (size_t i = 0; i < p->count; i++) {
		if (!strcmp(p->cmds[i].name, name))
			return &p->cmds[i];
		if (!*name || strncmp(p->cmds[i].name, name, strlen(name)))
			continue;
		ambiguous = found;
		found = &p->cmds[i];
	}
	if (found && !ambiguous)
		return found;
	cmd_error("%s command '%s'; there are:",
		  ambiguous ? "ambiguous" : "unknown", name);
	cmds_print(p, stderr);
	return NULL;
}

int cmd_main(const struct cmd_program *p, int argc, char **argv)
{
	const struct cmd *cmd;
	char name[64];

	cmd_begin();
	if (argc < 2) {
		help_print(p, stderr);
		return CMD_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		help_print(p, stdout);
		return cmd_end(CMD_DONE);
	}
	if (!strcmp(argv[1], "--list-commands")) {
		for (size_t i = 0; i < p->count; i++)
			puts(p->cmds[i].name);
		return cmd_end(CMD_DONE);
	}
	if (!strcmp(argv[1], "--version")) {
		printf("%s %s\n", p->name, VERSION);
		return cmd_end(CMD_DONE);
	}
	cmd = cmd_find(p, argv[1]);
	if (!cmd)
		return CMD_USAGE;
	snprintf(name, sizeof(name), "%s %s", p->name, cmd->name);
	argv[1] = name;
	return cmd_end(cmd->fn(argc - 1, argv + 1));
}
