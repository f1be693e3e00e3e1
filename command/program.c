/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The beginning and the end of every program.
 */
#include "command/command.h"

#include <stdio.h>

#include "command/descriptors.h"

void cmd_begin(void)
{
	descriptors_fill();
}

int cmd_end(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	cmd_error("cannot write the output: %m");
	return status == CMD_DONE ? CMD_ERROR : status;
}
