/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the thing that a record tells of was over. Rings have records in that
 * order, for a record is committed at its end.
 */
#ifndef TRACER_EVENT_EVENT_TIME_H
#define TRACER_EVENT_EVENT_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm-core/abi/event.h"

/* Cycles from the record's tsc on; false: that many or more, or not known. */
static inline bool event_cycles(const struct event_header *ev,
				uint64_t *cycles)
{
	const struct event_vmexit *exit = (const void *)ev;
	const struct event_hypercall *call = (const void *)ev;

	*cycles = 0;
	switch (ev->id) {
	case EVENT_VMEXIT:
		*cycles = exit->handle_cycles + exit->blocked_cycles;
		return exit->handle_cycles != UINT32_MAX &&
		       exit->cpl_known & EVENT_KNOWN_COST;
	case EVENT_HYPERCALL:
		*cycles = call->cycles;
		return call->cycles != UINT32_MAX &&
		       call->cpl_known & EVENT_KNOWN_COST;
	}
	/* stands behind its exit, with the exit's tsc */
	return ev->id != EVENT_CALL_CHAIN;
}

/* At most the end of time, whatever the record says. */
static inline uint64_t event_end_tsc(const struct event_header *ev)
{
	uint64_t cycles, end;

	event_cycles(ev, &cycles);
	return __builtin_add_overflow(ev->tsc, cycles, &end) ? UINT64_MAX : end;
}

#endif
