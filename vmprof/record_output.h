/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a recording goes: its name is claimed before the machine starts, and
 * made its own when there is something to write.
 */
#ifndef VMPROF_RECORD_OUTPUT_H
#define VMPROF_RECORD_OUTPUT_H

#include "vmprof/recorder_state.h"

/* All return 0, or a negative errno after having told the user why. */
int record_output_claim(struct recording *r);
int record_output_begin(struct recording *r,
			const struct origin *origin);

#endif
