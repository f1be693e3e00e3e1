/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmprof: the table of its commands.
 */
#include "vmprof/cmd.h"

static const struct cmd cmds[] = {
	{ "record", cmd_record, "record a guest's exits into a trace" },
	{ "report", cmd_report, "where did the cycles go" },
	{ "script", cmd_script, "print every record of a trace" },
	{ "import", cmd_import, "make a trace of another program's file" },
	{ "info", cmd_info, "what a trace file holds" },
};

int main(int argc, char **argv)
{
	static const struct cmd_program program = {
		.name = "vmprof",
		.purpose = "A profiler for virtual machines.",
		.cmds = cmds,
		.count = sizeof(cmds) / sizeof(cmds[0]),
	};

	return cmd_main(&program, argc, argv);
}
