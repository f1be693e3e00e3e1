/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run: records of one CPU that lie one behind the other and are all of the
 * same kind, VM and length. Readers hand out runs, so that what is asked of a
 * kind is asked once for many records.
 */
#ifndef TRACER_EVENT_EVENT_RUN_H
#define TRACER_EVENT_EVENT_RUN_H

#include <stddef.h>

#include "vmm-core/abi/event.h"

struct event_run {
	const struct event_header *first;
	unsigned int count;	/* at least 1; an EVENT_LOST stands alone */
	unsigned int cpu;
};

/* Returns record i of those that begin with first and are as long as it. */
static inline const void *event_run_record(const struct event_header *first,
					   size_t i)
{
	return (const char *)first + i * first->slots * EVENT_SLOT_BYTES;
}

/* Removes the first records of a run. */
static inline void event_run_drop(struct event_run *run, unsigned int records)
{
	run->first = event_run_record(run->first, records);
	run->count -= records;
}

#endif
