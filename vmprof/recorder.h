/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A recording: a machine, started or attached to, drained into a file until
 * it stops, or someone stops us.
 */
#ifndef VMPROF_RECORDER_H
#define VMPROF_RECORDER_H

#include "vmprof/record_options.h"

/* Returns an exit status (command/command.h), having said what there is to say. */
int recording_run(const struct record_options *options);

#endif
