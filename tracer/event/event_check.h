/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is this a record that the rest of the program may look into? Asked once
 * of every record, where it comes in; nobody behind that asks again.
 */
#ifndef TRACER_EVENT_EVENT_CHECK_H
#define TRACER_EVENT_EVENT_CHECK_H

#include <stddef.h>

#include "vmm-core/abi/anchor.h"

/*
 * Returns NULL if the record lies within the slots that are left, is long
 * enough for its id, and every number in it that indexes a table is in that
 * table's range. Otherwise static text that says what is wrong, of EVENT_PAD
 * as well.
 */
const char *event_fault(const struct event_header *ev, unsigned int slots_left);

/*
 * Checks a record that is known to be an exit of full length. Most records
 * are, so it stands here, where it costs no call.
 */
static inline const char *event_vmexit_fault(const struct event_vmexit *ev)
{
	if (ev->vcpu >= ANCHOR_VCPUS_MAX)
		return "an exit of an impossible vCPU";
	if (ev->reason >= EXIT_REASONS)
		return "an exit reason that is not known";
	return NULL;
}

#endif
