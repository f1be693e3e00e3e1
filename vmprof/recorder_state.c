/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of a recording.
 */
#include "vmprof/recorder_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/output.h"

void recorder_note(const struct recording *r, const char *fmt, ...)
{
	va_list args;

	if (r->o->quiet)
		return;
	fprintf(stderr, "%s[ vmprof record: ", r->shown_ns ? "\r" : "");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputs(" ]\n", stderr);
}

void recorder_write_failed(struct recording *r, int err)
{
	cmd_error("cannot write %s: %s; the recording ends here, and what was "
		  "written reads up to its last whole chunk",
		  output_name(r->o->output), strerror(-err));
	r->ending = ENDING_FAILED;
}
