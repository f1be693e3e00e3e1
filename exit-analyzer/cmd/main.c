/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer: the table of its commands.
 */
#include "exit-analyzer/cmd/cmd.h"

static const struct cmd cmds[] = {
	{ "run", cmd_run, "measure what exits cost" },
	{ "import", cmd_import, "measured elsewhere, from its console" },
	{ "check", cmd_check, "did it get worse than a baseline" },
	{ "compare", cmd_compare, "results side by side" },
	{ "bless", cmd_bless, "make a result the baseline" },
	{ "history", cmd_history, "results over time" },
	{ "list", cmd_list, "the rows of results" },
};

int main(int argc, char **argv)
{
	static const struct cmd_program program = {
		.name = "exit-analyzer",
		.purpose = "What VM exits cost, as a regression test.",
		.cmds = cmds,
		.count = sizeof(cmds) / sizeof(cmds[0]),
	};

	return cmd_main(&program, argc, argv);
}
