/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The function around a record's RIP, in front of a small cache.
 */
#include "reports/script.h"

#define CPL_USER 3

static bool is_user(const struct event_header *ev)
{
	if (ev->id == EVENT_VMEXIT)
		return ((const struct event_vmexit *)ev)->cpl == CPL_USER;
	if (ev->id == EVENT_HYPERCALL)
		return ((const struct event_hypercall *)ev)->cpl == CPL_USER;
	return false;
}

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

void script_symbol_print(struct script *s, const struct event_header *ev,
			 uint64_t rip)
{
	const struct symbol *symbol;

	if (is_user(ev)) {
		out_text(&s->out, "[user]");
		return;
	}
	symbol = symbol_find(s, ev->vm, rip);
	if (!symbol) {
		out_text(&s->out, "[unknown]");
		return;
	}
	out_safe_text(&s->out, symbol->name);
	out_char(&s->out, '+');
	out_hex(&s->out, rip - symbol->address);
	if (symbol->module) {
		out_text(&s->out, " [");
		out_safe_text(&s->out, symbol->module);
		out_char(&s->out, ']');
	}
}
