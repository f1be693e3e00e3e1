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
 * NULL: the record lies within the slots that are left, is long enough for
 * its id, and every number in it that indexes a table is in that table's
 * range. Otherwise static text that says what is wrong. EVENT_PAD is no
 * record.
 */
const char *event_fault(const struct event_header *ev, unsigned int slots_left);

/*
 * What is asked of an exit alone, once it is known to be one of full length:
 * most records are, so it is here where it costs no call.
 */
static inline const char *event_vmexit_fault(const struct event_vmexit *ev)
{
	if (ev->vcpu >= ANCHOR_VCPUS_MAX)
		return "an exit of a vCPU that cannot be";
	if (ev->reason >= EXIT_REASONS)
		return "an exit reason that is not known";
	return NULL;
}

#endif
