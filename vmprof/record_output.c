/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a recording goes.
 */
#include "vmprof/record_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/output.h"
#include "command/status.h"

static int output_fail(const struct recording *r, int err)
{
	if (err == -EBUSY)
		cmd_error("cannot write %s: another recording is being written "
			  "into it; name another file with -o", output_name(r->o->output));
	else if (err == -ENOTTY)
		cmd_error("cannot write a trace to a terminal; name a file with "
			  "-o, or redirect standard output");
	else
		cmd_error("cannot write %s: %s", output_name(r->o->output), strerror(-err));
	return err;
}

/* The one who opened it knows what is in it: nothing is kept or locked. */
static int stdout_claim(struct trace_name *output)
{
	if (isatty(STDOUT_FILENO))
		return -ENOTTY;
	output->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	return output->fd < 0 ? -errno : 0;
}

int record_output_claim(struct recording *r)
{
	int err = output_is_stdout(r->o->output) ? stdout_claim(&r->output) :
		  trace_name_claim(&r->output, r->o->output);

	return err ? output_fail(r, err) : 0;
}

int record_output_begin(struct recording *r,
			const struct origin *origin)
{
	char *kept;
	int err = trace_name_begin(&r->output, &kept);

	if (kept) {
		recorder_note(r, "the recording that was %s is %s now",
			      r->o->output, kept);
		status_say("kept", "%s", kept);
	}
	free(kept);
	if (err)
		return output_fail(r, err);
	r->writer = trace_writer_open(r->output.fd, r->o->command, origin);
	if (!r->writer)
		return output_fail(r, -errno);
	status_say("output", "%s", r->o->output);
	status_say("state", "recording");
	return 0;
}
