/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-analyzer: the table of its commands.
 */
#include "exit-analyzer/cmd/cmd.h"

static const struct cmd cmds[] = {
	{ "run", cmd_run, "measure what exits cost" },
	{ "import", cmd_import, "make a result of a console" },
	{ "check", cmd_check, "compare a result with a baseline" },
	{ "compare", cmd_compare, "show results side by side" },
	{ "bless", cmd_bless, "make a result the baseline" },
	{ "history", cmd_history, "keep results over time" },
	{ "list", cmd_list, "show the rows of results" },
};

int main(int argc, char **argv)
{
	static const struct cmd_program program = {
		.name = "exit-analyzer",
		.purpose = "Measures what VM exits cost, and tests them for "
			   "regressions.",
		.cmds = cmds,
		.count = sizeof(cmds) / sizeof(cmds[0]),
	};

	return cmd_main(&program, argc, argv);
}
