/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Says which fields of a record are known.
 */
#ifndef TRACER_EVENT_EVENT_KNOWN_H
#define TRACER_EVENT_EVENT_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "vmm-core/abi/event.h"

/* The byte with the CPL and the EVENT_KNOWN_ bits; NULL: this kind has none. */
static inline __u8 *event_known_byte(struct event_header *ev)
{
	switch (ev->id) {
	case EVENT_VMEXIT:
		return &((struct event_vmexit *)ev)->cpl_known;
	case EVENT_TLB_FLUSH:
		return &((struct event_tlb_flush *)ev)->known;
	case EVENT_HYPERCALL:
		return &((struct event_hypercall *)ev)->cpl_known;
	case EVENT_VM_STATE:
		return &((struct event_vm_state *)ev)->known;
	}
	return NULL;
}

/* Whether all of these EVENT_KNOWN_ are. A kind without them knows nothing. */
static inline bool event_knows(const struct event_header *ev, unsigned int what)
{
	const __u8 *known = event_known_byte((struct event_header *)ev);

	return known && (*known & what) == what;
}

#endif
