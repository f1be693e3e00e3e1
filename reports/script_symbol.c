/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The function around a record's RIP, in front of a small cache.
 */
#include "reports/script.h"

#include "tracer/event/event_known.h"

static const struct symbol *symbol_find(struct script *s, unsigned int vm,
					uint64_t rip)
{
	/* neighbours far apart: multiplied by 2^64 over the golden ratio */
	uint64_t hash = (rip ^ (uint64_t)vm << 56) * 0x9e3779b97f4a7c15ull;
	struct script_symbol *line = &s->symbol[hash >> (64 - SCRIPT_SYMBOL_BITS)];

	if (vm >= ANCHOR_VMS_MAX || !s->context->symtab[vm])
		return NULL;
	if (line->vm_plus_1 != vm + 1 || line->rip != rip)
		*line = (struct script_symbol){
			.rip = rip,
			.symbol = symtab_lookup(s->context->symtab[vm],
						rip),
			.vm_plus_1 = vm + 1,
		};
	return line->symbol;
}

void script_address_print(struct script *s, unsigned int vm, uint64_t address)
{
	const struct symbol *symbol = symbol_find(s, vm, address);

	if (!symbol) {
		out_text(&s->out, "[unknown]");
		return;
	}
	out_safe_text(&s->out, symbol->name);
	out_char(&s->out, '+');
	out_hex(&s->out, address - symbol->address);
	if (symbol->module) {
		out_text(&s->out, " [");
		out_safe_text(&s->out, symbol->module);
		out_char(&s->out, ']');
	}
}

void script_symbol_print(struct script *s, const struct event_header *ev,
			 uint64_t rip)
{
	if (event_is_user(ev))
		out_text(&s->out, "[user]");
	else if (event_knows(ev, EVENT_KNOWN_RIP))
		script_address_print(s, ev->vm, rip);
	else
		out_text(&s->out, "[unknown]");
}
