/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a recording: why it came, and whether everything was counted
 * that was written.
 */
#ifndef VMPROF_RECORDER_END_H
#define VMPROF_RECORDER_END_H

#include "vmprof/recorder_state.h"

/*
 * Tells the user how the machine ended, before it is taken down. Returns false
 * if a machine should not end so; a guest may crash, though.
 */
bool recorder_explain(const struct recording *r);
/*
 * Writes the trace's end. Returns false, having told the user why, if not all
 * is there that should be.
 */
bool recorder_finish(struct recording *r);

#endif
