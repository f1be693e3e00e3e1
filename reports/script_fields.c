/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where each column is in each kind of record, and how it is printed.
 */
#include "reports/script.h"

#include <errno.h>
#include <string.h>

#include "tracer/event/event_known.h"
#include "tracer/event/event_names.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct column_words {
	const char *name, *label, *help;
};

static const struct column_words words[SCRIPT_COLUMNS] = {
#define SCRIPT_COLUMN(NAME, name, label, help) \
	[SCRIPT_COLUMN_##NAME] = { name, label, help },
#include "reports/script_columns.def"
};

#define FIELD_KNOWN(what, NAME, KIND, type, member) \
	{ SCRIPT_COLUMN_##NAME, SCRIPT_##KIND, offsetof(type, member), \
	  sizeof(((type *)NULL)->member), what }
#define FIELD(NAME, KIND, type, member) \
	FIELD_KNOWN(0, NAME, KIND, type, member)

#define RIP_FIELDS(type) \
	FIELD_KNOWN(EVENT_KNOWN_RIP, RIP, HEX, type, rip), \
	FIELD(SYM, SYM, type, rip)
#define CR3_FIELDS(type) \
	FIELD_KNOWN(EVENT_KNOWN_CR3, CR3, HEX, type, cr3), \
	FIELD(PROCESS, PROCESS, type, cr3), \
	FIELD(PID, PID, type, cr3)

#define HEADER_FIELDS(type) \
	FIELD(EVENT, EVENT, type, h.id), \
	FIELD(TIME, TIME, type, h.tsc), \
	FIELD(TSC, DEC, type, h.tsc), \
	FIELD(CPU, CPU, type, h), \
	FIELD(SEQ, DEC, type, h.seq)

static const struct script_field vmexit_fields[] = {
	HEADER_FIELDS(struct event_vmexit),
	FIELD(VM, DEC, struct event_vmexit, h.vm),
	FIELD(VCPU, DEC, struct event_vmexit, vcpu),
	FIELD(REASON, REASON, struct event_vmexit, reason),
	FIELD(CODE, HEX, struct event_vmexit, raw_code),
	FIELD(CODE_NAME, RAW_NAME, struct event_vmexit, raw_code),
	RIP_FIELDS(struct event_vmexit),
	FIELD_KNOWN(EVENT_KNOWN_CPL, CPL, CPL, struct event_vmexit, cpl_known),
	CR3_FIELDS(struct event_vmexit),
	FIELD_KNOWN(EVENT_KNOWN_ASID, ASID, DEC, struct event_vmexit, asid),
	FIELD(INSN_LEN, LOW_HALF, struct event_vmexit, isa_len),
	FIELD_KNOWN(EVENT_KNOWN_COST, CYCLES, DEC, struct event_vmexit,
		    handle_cycles),
	FIELD_KNOWN(EVENT_KNOWN_COST, BLOCKED, DEC, struct event_vmexit,
		    blocked_cycles),
	FIELD_KNOWN(EVENT_KNOWN_DETAIL, DETAIL, HEX, struct event_vmexit,
		    detail),
	FIELD_KNOWN(EVENT_KNOWN_DETAIL, DEVICE, DEVICE, struct event_vmexit,
		    detail),
	{ .kind = SCRIPT_END },
};

static const struct script_field tlb_flush_fields[] = {
	HEADER_FIELDS(struct event_tlb_flush),
	FIELD(VM, DEC, struct event_tlb_flush, h.vm),
	FIELD(VCPU, DEC, struct event_tlb_flush, vcpu),
	FIELD(CAUSE, CAUSE, struct event_tlb_flush, cause),
	FIELD(SCOPE, SCOPE, struct event_tlb_flush, scope),
	FIELD(GUEST, DEC, struct event_tlb_flush, guest),
	FIELD_KNOWN(EVENT_KNOWN_ASID, ASID, DEC, struct event_tlb_flush, asid),
	FIELD_KNOWN(EVENT_KNOWN_DETAIL, ADDRESS, HEX, struct event_tlb_flush,
		    address),
	RIP_FIELDS(struct event_tlb_flush),
	CR3_FIELDS(struct event_tlb_flush),
	{ .kind = SCRIPT_END },
};

static const struct script_field hypercall_fields[] = {
	HEADER_FIELDS(struct event_hypercall),
	FIELD(VM, DEC, struct event_hypercall, h.vm),
	FIELD(VCPU, DEC, struct event_hypercall, vcpu),
	FIELD(NUMBER, DEC, struct event_hypercall, number),
	FIELD(NAME, HYPERCALL, struct event_hypercall, number),
	FIELD_KNOWN(EVENT_KNOWN_ARGS, ARG0, HEX, struct event_hypercall,
		    args[0]),
	FIELD_KNOWN(EVENT_KNOWN_ARGS, ARG1, HEX, struct event_hypercall,
		    args[1]),
	FIELD_KNOWN(EVENT_KNOWN_ARGS, ARG2, HEX, struct event_hypercall,
		    args[2]),
	FIELD_KNOWN(EVENT_KNOWN_ARGS, ARG3, HEX, struct event_hypercall,
		    args[3]),
	FIELD_KNOWN(EVENT_KNOWN_RESULT, RESULT, HEX, struct event_hypercall,
		    result),
	RIP_FIELDS(struct event_hypercall),
	FIELD_KNOWN(EVENT_KNOWN_CPL, CPL, CPL, struct event_hypercall, cpl_known),
	CR3_FIELDS(struct event_hypercall),
	FIELD_KNOWN(EVENT_KNOWN_COST, CYCLES, DEC, struct event_hypercall,
		    cycles),
	{ .kind = SCRIPT_END },
};

static const struct script_field vm_state_fields[] = {
	HEADER_FIELDS(struct event_vm_state),
	FIELD(VM, DEC, struct event_vm_state, h.vm),
	FIELD(VCPU, DEC, struct event_vm_state, vcpu),
	FIELD(STATE, STATE, struct event_vm_state, state),
	FIELD(CODE, HEX, struct event_vm_state, raw_code),
	RIP_FIELDS(struct event_vm_state),
	{ .kind = SCRIPT_END },
};

static const struct script_field lost_fields[] = {
	HEADER_FIELDS(struct event_lost),
	FIELD(MISSED, DEC, struct event_lost, missed),
	FIELD(RESUMED, DEC, struct event_lost, resumed_tsc),
	{ .kind = SCRIPT_END },
};

static const struct script_field call_chain_fields[] = {
	HEADER_FIELDS(struct event_call_chain),
	FIELD(VM, DEC, struct event_call_chain, h.vm),
	FIELD(VCPU, DEC, struct event_call_chain, vcpu),
	FIELD(CALLERS, ADDRESSES, struct event_call_chain, frames),
	{ .kind = SCRIPT_END },
};

static const struct script_field *const fields[] = {
#define EVENT(id, NAME, name, help) [id] = name##_fields,
#include "vmm-core/abi/events.def"
};

const struct script_field *script_fields(unsigned int id)
{
	static const struct script_field none = { .kind = SCRIPT_END };

	return id < ARRAY_SIZE(fields) && fields[id] ? fields[id] : &none;
}

const char *script_column_name(enum script_column column)
{
	return words[column].name;
}

const char *script_column_label(enum script_column column)
{
	return words[column].label;
}

const char *script_column_help(enum script_column column)
{
	return words[column].help;
}

int script_choose(struct script *s, const char *list, char *bad,
		  size_t bad_bytes)
{
	for (;;) {
		size_t length = strcspn(list, ",");
		int column = 0;

		while (column < SCRIPT_COLUMNS &&
		       (strlen(words[column].name) != length ||
			memcmp(words[column].name, list, length)))
			column++;
		if (column == SCRIPT_COLUMNS) {
			snprintf(bad, bad_bytes, "%.*s", (int)length, list);
			return -EINVAL;
		}
		s->chosen[column] = true;
		s->any_chosen = true;
		if (!list[length])
			return 0;
		list += length + 1;
	}
}

bool script_field_is_number(const struct script_field *f)
{
	return f->kind == SCRIPT_DEC || f->kind == SCRIPT_CPU ||
	       f->kind == SCRIPT_PID || f->kind == SCRIPT_TIME ||
	       f->kind == SCRIPT_LOW_HALF || f->kind == SCRIPT_CPL;
}

uint64_t script_time_ns(const struct script *s, uint64_t tsc)
{
	uint64_t khz = s->origin->clock.tsc_khz;

	/* short divisions for all but machines that ran for hours */
	if (tsc <= UINT64_MAX / 1000000)
		return tsc * 1000000 / khz;
	return (unsigned __int128)tsc * 1000000 / khz;
}

static uint64_t field_number(const struct script_field *f,
			     const struct event_header *ev)
{
	const char *at = (const char *)ev + f->offset;
	uint64_t n = 0;

	/* records are little-endian, as we are */
	switch (f->bytes) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)at;
	case 4:
		return *(const uint32_t *)at;
	case 8:
		memcpy(&n, at, sizeof(n));
	}
	return n;
}

bool script_field_is_text(const struct script *s, const struct script_field *f,
			  const struct event_header *ev)
{
	if (f->kind == SCRIPT_DEC)
		return field_number(f, ev) > OUT_JSON_NUMBER_MAX;
	if (f->kind == SCRIPT_TIME)
		return script_time_ns(s, field_number(f, ev)) >
		       OUT_JSON_NUMBER_MAX;
	return !script_field_is_number(f);
}

static void raw_name_print(struct out *o, const struct event_header *ev,
			   uint32_t code)
{
	const struct event_vmexit *exit = (const void *)ev;
	const char *name = event_raw_name(EVENT_ISA(exit->isa_len), code);

	if (name)
		out_text(o, name);
}

static const struct process_name *process_of(const struct script *s,
					     const struct event_header *ev,
					     uint64_t cr3)
{
	return event_knows(ev, EVENT_KNOWN_CR3) ?
		key_context_process(s->context, ev->vm, cr3, ev->tsc) : NULL;
}

static void device_print(struct script *s, const struct event_header *ev)
{
	struct key_value v = key_rows[BY_DEVICE].of_event(s->context, ev, 0);
	struct key_text t;

	if (v.kind == KEY_NONE)
		return;
	key_print(s->context, BY_DEVICE, &v, &t);
	out_text(&s->out, t.text);
}

bool script_field_known(const struct script *s, const struct script_field *f,
			const struct event_header *ev)
{
	if (f->kind == SCRIPT_PID)
		return process_of(s, ev, field_number(f, ev));
	return !f->known || event_knows(ev, f->known);
}

static void process_print(struct script *s, const struct event_header *ev,
			  uint64_t cr3)
{
	const struct process_name *p = process_of(s, ev, cr3);

	out_safe_text(&s->out, p ? p->comm : GUEST_UNKNOWN_TEXT);
}

static void pid_print(struct script *s, const struct event_header *ev,
		      uint64_t cr3)
{
	out_dec(&s->out, process_of(s, ev, cr3)->pid);
}

static void addresses_print(struct out *o, const struct event_header *ev)
{
	const struct event_call_chain *chain = (const void *)ev;
	/* it goes on behind the struct */
	const __u64 *address = chain->address;

	for (unsigned int i = 0; i < chain->frames; i++) {
		if (i)
			out_char(o, ' ');
		out_hex(o, address[i]);
	}
}

static void hypercall_print(struct out *o, uint64_t number)
{
	const char *name = event_hypercall_name(number);

	if (name)
		out_text(o, name);
}

void script_field_print(struct script *s, const struct script_field *f,
			const struct event_header *ev, unsigned int cpu)
{
	uint64_t n = field_number(f, ev);

	switch (f->kind) {
	case SCRIPT_DEC:
		return out_dec(&s->out, n);
	case SCRIPT_HEX:
		return out_hex(&s->out, n);
	case SCRIPT_CPU:
		return out_dec(&s->out, cpu);
	case SCRIPT_TIME:
		return out_dec(&s->out, script_time_ns(s, n));
	case SCRIPT_EVENT:
		return out_text(&s->out, event_name(n));
	case SCRIPT_REASON:
		return out_text(&s->out, event_exit_reason_name(n));
	case SCRIPT_RAW_NAME:
		return raw_name_print(&s->out, ev, n);
	case SCRIPT_SYM:
		return script_symbol_print(s, ev, n);
	case SCRIPT_PROCESS:
		return process_print(s, ev, n);
	case SCRIPT_PID:
		return pid_print(s, ev, n);
	case SCRIPT_DEVICE:
		return device_print(s, ev);
	case SCRIPT_LOW_HALF:
		return out_dec(&s->out, n & 15);
	case SCRIPT_CPL:
		return out_dec(&s->out, EVENT_CPL(n));
	case SCRIPT_ADDRESSES:
		return addresses_print(&s->out, ev);
	case SCRIPT_CAUSE:
		return out_text(&s->out, event_tlb_cause_name(n));
	case SCRIPT_SCOPE:
		return out_text(&s->out, event_tlb_scope_name(n));
	case SCRIPT_HYPERCALL:
		return hypercall_print(&s->out, n);
	case SCRIPT_STATE:
		return out_text(&s->out, event_vm_state_name(n));
	case SCRIPT_END:
		break;
	}
}
