/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is this a record that the rest of the program may look into? Asked once
 * of every record, where it comes in; nobody behind that asks again.
 */
#ifndef TRACER_SOURCE_EVENT_CHECK_H
#define TRACER_SOURCE_EVENT_CHECK_H

#include "vmm-core/abi/event.h"

/*
 * NULL: the record lies within the slots that are left, is long enough for
 * its id, and every number in it that indexes a table is in that table's
 * range. Otherwise static text that says what is wrong. EVENT_PAD is no
 * record.
 */
const char *event_fault(const struct event_header *ev, unsigned int slots_left);

#endif
