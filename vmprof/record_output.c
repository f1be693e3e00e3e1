/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a recording goes.
 */
#include "vmprof/record_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/status.h"

static int output_fail(const struct recording *r, int err)
{
	if (err == -EBUSY)
		cmd_error("cannot write %s: another recording is being written "
			  "into it; name another file with -o", r->o->output);
	else
		cmd_error("cannot write %s: %s", r->o->output, strerror(-err));
	return err;
}

int record_output_claim(struct recording *r)
{
	int err = trace_name_claim(&r->output, r->o->output);

	return err ? output_fail(r, err) : 0;
}

int record_output_begin(struct recording *r,
			const struct trace_machine *machine)
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
	r->writer = trace_writer_open(r->output.fd, r->o->command, machine);
	if (!r->writer)
		return output_fail(r, -errno);
	status_say("output", "%s", r->o->output);
	status_say("state", "recording");
	return 0;
}
