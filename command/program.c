/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The beginning and the end of every program, and what it says of errors.
 */
#include "command/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "command/descriptors.h"
#include "command/status.h"

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

void cmd_error(const char *fmt, ...)
{
	va_list args, again;

	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(args, fmt);
	va_copy(again, args);
	vfprintf(stderr, fmt, args);
	status_vsay("error", fmt, again);
	va_end(again);
	va_end(args);
	fputc('\n', stderr);
}
