/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The place of a record's RIP.
 */
#include "reports/script.h"

#include "tracer/event/event_known.h"

static void place_print(struct script *s, unsigned int vm,
			const struct guest_point *at)
{
	struct guest_place place;

	guest_resolve(key_context_guest(s->context, vm), at, &place);
	switch (place.kind) {
	case GUEST_PLACE_USER:
		return out_text(&s->out, GUEST_USER_TEXT);
	case GUEST_PLACE_UNKNOWN:
	case GUEST_PLACE_ADDRESS:
		return out_text(&s->out, GUEST_UNKNOWN_TEXT);
	case GUEST_PLACE_FUNCTION:
		break;
	}
	out_safe_text(&s->out, place.function->name);
	out_char(&s->out, '+');
	out_hex(&s->out, at->rip - place.function->address);
	if (place.function->module) {
		out_text(&s->out, " [");
		out_safe_text(&s->out, place.function->module);
		out_char(&s->out, ']');
	}
}

void script_address_print(struct script *s, unsigned int vm, uint64_t address)
{
	place_print(s, vm, &(struct guest_point){
		.rip = address, .cpl_known = EVENT_KNOWN_RIP });
}

void script_symbol_print(struct script *s, const struct event_header *ev,
			 uint64_t rip)
{
	const __u8 *known = event_known_byte((struct event_header *)ev);

	place_print(s, ev->vm, &(struct guest_point){
		.rip = rip,
		/* nobody asks for the process here */
		.cpl_known = known ? *known & ~EVENT_KNOWN_CR3 : 0 });
}
