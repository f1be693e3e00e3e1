/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of version 1 in place: the present ones have the same fields, and
 * use bits that were 0.
 */
#include "tracer/file/version1.h"

#include "tracer/event/event_known.h"

static const char *known_set(struct event_header *ev)
{
	__u8 *known = event_known_byte(ev);

	if (!known)
		return NULL;
	if (*known > 3)
		return "a privilege level above 3";
	*known |= EVENT_KNOWN_ALL;
	return NULL;
}

const char *version1_events(void *raw, size_t bytes)
{
	const char *fault = NULL;
	size_t at = 0;

	while (!fault && at + EVENT_SLOT_BYTES <= bytes) {
		struct event_header *ev = (void *)((char *)raw + at);

		/* it is checked later, but must not be looked at half */
		if (!ev->slots || ev->slots > (bytes - at) / EVENT_SLOT_BYTES)
			return "a record that is longer than what holds it";
		if (ev->id > EVENT_LOST)
			return "a record of a kind that is not known";
		if (ev->id != EVENT_HYPERCALL || ev->slots > 1)
			fault = known_set(ev);
		at += (size_t)ev->slots * EVENT_SLOT_BYTES;
	}
	return fault;
}
