/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record as perf script would print it:
 *   vm0/0 [000]    12.345678901: vmexit: reason=cpuid rip=... cycles=...
 */
#include "reports/script.h"

#include "tracer/event/event_known.h"
#include "tracer/event/event_names.h"

/* one word, as all values of a line are */
#define NOT_KNOWN "not-known"

/* vCPU of the kinds that have one. */
static int vcpu_of(const struct event_header *ev)
{
	switch (ev->id) {
	case EVENT_VMEXIT:
		return ((const struct event_vmexit *)ev)->vcpu;
	case EVENT_TLB_FLUSH:
		return ((const struct event_tlb_flush *)ev)->vcpu;
	case EVENT_HYPERCALL:
		return ((const struct event_hypercall *)ev)->vcpu;
	case EVENT_VM_STATE:
		return ((const struct event_vm_state *)ev)->vcpu;
	case EVENT_CALL_CHAIN:
		return ((const struct event_call_chain *)ev)->vcpu;
	}
	return -1;
}

static void print_prefix(struct script *s, const struct event_header *ev,
			 unsigned int cpu)
{
	uint64_t ns = script_time_ns(s, ev->tsc);
	int vcpu = vcpu_of(ev);

	if (ev->vm != EVENT_NO_VM && vcpu >= 0) {
		out_text(&s->out, "vm");
		out_dec(&s->out, ev->vm);
		out_char(&s->out, '/');
		out_dec(&s->out, vcpu);
	} else {
		out_text(&s->out, "-    ");
	}
	out_text(&s->out, " [");
	out_dec_padded(&s->out, cpu, 3);
	out_text(&s->out, "] ");
	out_dec(&s->out, ns / 1000000000);
	out_char(&s->out, '.');
	out_dec_padded(&s->out, ns % 1000000000, 9);
	out_text(&s->out, ": ");
}

static void print_label(struct script *s, enum script_column column)
{
	out_char(&s->out, ' ');
	out_text(&s->out, script_column_label(column));
	out_char(&s->out, '=');
}

static void print_chosen(struct script *s, const struct event_header *ev,
			 unsigned int cpu)
{
	const struct script_field *f;

	for (f = script_fields(ev->id); f->kind != SCRIPT_END; f++) {
		if (!s->chosen[f->column])
			continue;
		print_label(s, f->column);
		if (script_field_known(s, f, ev))
			script_field_print(s, f, ev, cpu);
		else
			out_text(&s->out, NOT_KNOWN);
	}
}

static void print_rip(struct script *s, const struct event_header *ev,
		      uint64_t rip)
{
	print_label(s, SCRIPT_COLUMN_RIP);
	if (!event_knows(ev, EVENT_KNOWN_RIP)) {
		out_text(&s->out, NOT_KNOWN);
		return;
	}
	out_hex(&s->out, rip);
	out_char(&s->out, ' ');
	script_symbol_print(s, ev, rip);
}

static void print_number(struct script *s, enum script_column column,
			 uint64_t n)
{
	print_label(s, column);
	out_dec(&s->out, n);
}

/* A number that only those records have that know it. */
static void print_known(struct script *s, const struct event_header *ev,
			unsigned int what, enum script_column column,
			uint64_t n)
{
	if (event_knows(ev, what)) {
		print_number(s, column, n);
		return;
	}
	print_label(s, column);
	out_text(&s->out, NOT_KNOWN);
}

static void print_vmexit(struct script *s, const struct event_vmexit *exit)
{
	print_label(s, SCRIPT_COLUMN_REASON);
	out_text(&s->out, event_exit_reason_name(exit->reason));
	print_rip(s, &exit->h, exit->rip);
	print_known(s, &exit->h, EVENT_KNOWN_COST, SCRIPT_COLUMN_CYCLES,
		    exit->handle_cycles);
	if (exit->blocked_cycles)
		print_number(s, SCRIPT_COLUMN_BLOCKED, exit->blocked_cycles);
	if (event_knows(&exit->h, EVENT_KNOWN_DETAIL))
		script_detail_print(&s->out, exit->reason, exit->detail);
}

static void print_tlb_flush(struct script *s, const struct event_tlb_flush *e)
{
	print_label(s, SCRIPT_COLUMN_CAUSE);
	out_text(&s->out, event_tlb_cause_name(e->cause));
	print_label(s, SCRIPT_COLUMN_SCOPE);
	out_text(&s->out, event_tlb_scope_name(e->scope));
	print_known(s, &e->h, EVENT_KNOWN_ASID, SCRIPT_COLUMN_ASID, e->asid);
	out_text(&s->out, e->guest ? " by=guest" : " by=hypervisor");
	if (e->scope == TLB_SCOPE_ADDRESS) {
		print_label(s, SCRIPT_COLUMN_ADDRESS);
		out_hex(&s->out, e->address);
	}
	print_rip(s, &e->h, e->rip);
}

static void print_call_words(struct script *s, const struct event_hypercall *e)
{
	out_text(&s->out, " args=");
	if (!event_knows(&e->h, EVENT_KNOWN_ARGS))
		out_text(&s->out, NOT_KNOWN);
	else
		for (int i = 0; i < 4; i++) {
			if (i)
				out_char(&s->out, ',');
			out_hex(&s->out, e->args[i]);
		}
	print_label(s, SCRIPT_COLUMN_RESULT);
	if (event_knows(&e->h, EVENT_KNOWN_RESULT))
		out_hex(&s->out, e->result);
	else
		out_text(&s->out, NOT_KNOWN);
}

static void print_hypercall(struct script *s, const struct event_hypercall *e)
{
	const char *name = event_hypercall_name(e->number);

	print_number(s, SCRIPT_COLUMN_NUMBER, e->number);
	if (name) {
		out_char(&s->out, ' ');
		out_text(&s->out, name);
	}
	print_call_words(s, e);
	print_rip(s, &e->h, e->rip);
	print_known(s, &e->h, EVENT_KNOWN_COST, SCRIPT_COLUMN_CYCLES,
		    e->cycles);
}

static void print_vm_state(struct script *s, const struct event_vm_state *e)
{
	print_label(s, SCRIPT_COLUMN_STATE);
	out_text(&s->out, event_vm_state_name(e->state));
	if (e->state == VM_STATE_CRASHED) {
		print_label(s, SCRIPT_COLUMN_CODE);
		out_hex(&s->out, e->raw_code);
		print_rip(s, &e->h, e->rip);
	}
}

/* A kernel's callers are looked up, those of user mode have no names. */
static void print_call_chain(struct script *s,
			     const struct event_call_chain *chain)
{
	const __u64 *address = chain->address;

	for (unsigned int i = 0; i < chain->frames; i++) {
		out_text(&s->out, i ? " < " : " ");
		if (i < chain->kernel_frames)
			script_address_print(s, chain->h.vm, address[i]);
		else
			out_hex(&s->out, address[i]);
	}
}

/* A loss is shown whatever fields were chosen. */
static void print_lost(struct script *s, const struct event_lost *lost)
{
	out_char(&s->out, '[');
	out_dec(&s->out, lost->missed);
	out_text(&s->out, " EVENTS DROPPED]");
}

static void print_usual(struct script *s, const struct event_header *ev)
{
	switch (ev->id) {
	case EVENT_VMEXIT:
		return print_vmexit(s, (const struct event_vmexit *)ev);
	case EVENT_TLB_FLUSH:
		return print_tlb_flush(s, (const struct event_tlb_flush *)ev);
	case EVENT_HYPERCALL:
		return print_hypercall(s, (const struct event_hypercall *)ev);
	case EVENT_VM_STATE:
		return print_vm_state(s, (const struct event_vm_state *)ev);
	case EVENT_CALL_CHAIN:
		return print_call_chain(s, (const struct event_call_chain *)ev);
	}
}

void script_text_event(struct script *s, const struct event_header *ev,
		       unsigned int cpu)
{
	print_prefix(s, ev, cpu);
	if (ev->id == EVENT_LOST) {
		print_lost(s, (const struct event_lost *)ev);
	} else {
		out_text(&s->out, event_name(ev->id));
		out_char(&s->out, ':');
		if (s->any_chosen)
			print_chosen(s, ev, cpu);
		else
			print_usual(s, ev);
	}
	out_char(&s->out, '\n');
}
