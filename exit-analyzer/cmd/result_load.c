/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * result_read() for commands: what is wrong is for the user.
 */
#include "exit-analyzer/cmd/result_load.h"

#include "command/command.h"

#define WHY_BYTES 1024

int result_load(struct result *r, const char *path)
{
	char why[WHY_BYTES];

	if (!result_read(r, path, why, sizeof(why)))
		return CMD_DONE;
	cmd_error("%s", why);
	return CMD_ERROR;
}
