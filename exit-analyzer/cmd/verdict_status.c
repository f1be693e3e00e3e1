/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a verdict to an exit status.
 */
#include "exit-analyzer/cmd/verdict_status.h"

#include <stdlib.h>

#include "command/command.h"

int verdict_status(const struct verdict *v)
{
	char *nothing = verdict_rows_of(v, VERDICT_NOTHING);

	if (!v->count[VERDICT_NOTHING])
		return v->failed ? CMD_REGRESSION : CMD_DONE;
	/* then no other figure of the run is to be trusted either */
	cmd_error("cannot judge the result: rows cost nothing whose operation "
		  "did not happen: %s; run it again, and look at the console "
		  "if they still do", nothing ? nothing : "");
	free(nothing);
	return CMD_ERROR;
}
