/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two functions a key: its value of an event, and the value as text.
 */
#include "exit-analyzer/stats/key.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tracer/event/device_map.h"
#include "tracer/event/event_known.h"
#include "tracer/event/event_names.h"

/* Every function has the same parameters, and needs only some of them. */
#define OF_EVENT(name) \
	static struct key_value of_##name( \
		struct key_context *c __attribute__((unused)), \
		const struct event_header *ev, \
		unsigned int cpu __attribute__((unused)))

#define TO_TEXT(name) \
	static void text_##name( \
		const struct key_context *c __attribute__((unused)), \
		const struct key_value *v, struct key_text *t)

static struct key_value number(uint64_t n)
{
	return (struct key_value){ n, KEY_NUMBER };
}

static const struct key_value none = { 0, KEY_NONE };
static const struct key_value unknown = { 0, KEY_UNKNOWN };

/* Returns what a field of the event says, if the event knows it. */
static struct key_value known(const struct event_header *ev, unsigned int what,
			      uint64_t n)
{
	return event_knows(ev, what) ? number(n) : unknown;
}

/* NULL: the event is not an exit. */
static const struct event_vmexit *exit_of(const struct event_header *ev)
{
	return ev->id == EVENT_VMEXIT ? (const void *)ev : NULL;
}

static const struct event_tlb_flush *flush_of(const struct event_header *ev)
{
	return ev->id == EVENT_TLB_FLUSH ? (const void *)ev : NULL;
}

static const struct event_hypercall *call_of(const struct event_header *ev)
{
	return ev->id == EVENT_HYPERCALL ? (const void *)ev : NULL;
}

static bool has_reason(const struct event_header *ev, unsigned int reason)
{
	const struct event_vmexit *exit = exit_of(ev);

	return exit && exit->reason == reason;
}


/* The bits of an exit's detail that the mask has. */
static struct key_value detail_of(const struct event_header *ev, uint64_t mask)
{
	return known(ev, EVENT_KNOWN_DETAIL,
		     ((const struct event_vmexit *)ev)->detail & mask);
}

OF_EVENT(reason)
{
	const struct event_vmexit *exit = exit_of(ev);

	if (!exit)
		return none;
	return number(exit->reason < EXIT_REASONS ? exit->reason :
						    EXIT_UNKNOWN);
}

OF_EVENT(sym)
{
	const struct event_vmexit *exit = exit_of(ev);
	enum guest_place_kind kind;

	if (!exit)
		return none;
	kind = guest_place_kind(exit->cpl_known);
	if (kind == GUEST_PLACE_ADDRESS)
		return key_context_symbol(c, ev->vm, exit->rip);
	return kind == GUEST_PLACE_USER ? (struct key_value){ 0, KEY_USER } :
					  unknown;
}

OF_EVENT(vm)
{
	return number(ev->vm);
}

OF_EVENT(vcpu)
{
	/* where every record has it that a VM makes */
	_Static_assert(offsetof(struct event_vmexit, vcpu) ==
		       offsetof(struct event_tlb_flush, vcpu), "vcpu");
	_Static_assert(offsetof(struct event_vmexit, vcpu) ==
		       offsetof(struct event_hypercall, vcpu), "vcpu");
	return number(((const struct event_vmexit *)ev)->vcpu);
}

OF_EVENT(cpu)
{
	(void)ev;
	return number(cpu);
}

OF_EVENT(cr3)
{
	if (exit_of(ev))
		return known(ev, EVENT_KNOWN_CR3, exit_of(ev)->cr3);
	if (flush_of(ev))
		return known(ev, EVENT_KNOWN_CR3, flush_of(ev)->cr3);
	return call_of(ev) ? known(ev, EVENT_KNOWN_CR3, call_of(ev)->cr3) :
			     none;
}

OF_EVENT(rip)
{
	if (exit_of(ev))
		return known(ev, EVENT_KNOWN_RIP, exit_of(ev)->rip);
	if (flush_of(ev))
		return known(ev, EVENT_KNOWN_RIP, flush_of(ev)->rip);
	return call_of(ev) ? known(ev, EVENT_KNOWN_RIP, call_of(ev)->rip) :
			     none;
}

OF_EVENT(cpl)
{
	if (!exit_of(ev) && !call_of(ev))
		return none;
	return known(ev, EVENT_KNOWN_CPL,
		     EVENT_CPL(*event_known_byte((struct event_header *)ev)));
}

OF_EVENT(asid)
{
	if (exit_of(ev))
		return known(ev, EVENT_KNOWN_ASID, exit_of(ev)->asid);
	return flush_of(ev) ? known(ev, EVENT_KNOWN_ASID, flush_of(ev)->asid) :
			      none;
}

static const struct process_name *process_of(struct key_context *c,
					     const struct event_header *ev)
{
	struct key_value cr3 = of_cr3(c, ev, 0);

	return cr3.kind == KEY_NUMBER ?
		key_context_process(c, ev->vm, cr3.number, ev->tsc) : NULL;
}

OF_EVENT(process)
{
	return key_context_process_value(c, ev->vm, process_of(c, ev));
}

OF_EVENT(comm)
{
	const struct process_name *name = process_of(c, ev);

	return name ? key_context_name(c, name->comm) :
		      (struct key_value){ 0, KEY_UNKNOWN };
}

OF_EVENT(pid)
{
	const struct process_name *name = process_of(c, ev);

	return name ? number(name->pid) : (struct key_value){ 0, KEY_UNKNOWN };
}

OF_EVENT(port)
{
	return has_reason(ev, EXIT_IO) ? detail_of(ev, 0xffff) : none;
}

OF_EVENT(msr)
{
	return has_reason(ev, EXIT_MSR_READ) ||
	       has_reason(ev, EXIT_MSR_WRITE) ? detail_of(ev, ~0ull) : none;
}

OF_EVENT(gpa)
{
	return has_reason(ev, EXIT_NPF) ?
	       detail_of(ev, EVENT_NPF_GPA_OF(~0ull)) : none;
}

OF_EVENT(detail)
{
	return exit_of(ev) ? detail_of(ev, ~0ull) : none;
}

/* The device; where none is, the address of that kind. */
static struct key_value device(enum device d, enum key_kind kind,
			       uint64_t address)
{
	return d == DEVICE_NONE ? (struct key_value){ address, kind } :
				  (struct key_value){ d, KEY_DEVICE };
}

OF_EVENT(device)
{
	struct key_value v = of_port(c, ev, cpu);

	if (v.kind == KEY_NUMBER)
		return device(key_context_device(c, ev->vm, ANCHOR_PORTS,
						 v.number),
			      KEY_PORT, v.number);
	if (v.kind == KEY_UNKNOWN)
		return v;
	v = of_gpa(c, ev, cpu);
	/* RAM has exits, too: when a page of it is touched first */
	if (v.kind == KEY_NUMBER && !key_context_is_ram(c, ev->vm, v.number))
		return device(key_context_device(c, ev->vm, ANCHOR_MEMORY,
						 v.number),
			      KEY_PAGE, v.number & ~0xfffull);
	if (v.kind == KEY_UNKNOWN)
		return v;
	v = of_msr(c, ev, cpu);
	return v.kind == KEY_NUMBER ?
		device(device_of_msr((uint32_t)v.number), KEY_NONE, 0) : v;
}

OF_EVENT(hypercall)
{
	if (call_of(ev))
		return number(call_of(ev)->number);
	return has_reason(ev, EXIT_HYPERCALL) ? detail_of(ev, ~0ull) : none;
}

OF_EVENT(cause)
{
	return flush_of(ev) ? number(flush_of(ev)->cause) : none;
}

OF_EVENT(scope)
{
	return flush_of(ev) ? number(flush_of(ev)->scope) : none;
}

OF_EVENT(guest)
{
	return flush_of(ev) ? number(!!flush_of(ev)->guest) : none;
}

static void make(struct key_text *t, const char *format, uint64_t n)
{
	snprintf(t->made, sizeof(t->made), format, n);
	t->text = t->made;
}

TO_TEXT(count)
{
	make(t, "%" PRIu64, v->number);
}

TO_TEXT(hex)
{
	make(t, "0x%" PRIx64, v->number);
}

TO_TEXT(msr)
{
	make(t, "0x%" PRIx64, (uint32_t)v->number);
	if (v->number & EVENT_DETAIL_REFUSED)
		t->tag = "refused";
}

TO_TEXT(bool)
{
	t->text = v->number ? "yes" : "no";
}

TO_TEXT(reason)
{
	t->text = event_exit_reason_name(v->number);
}

TO_TEXT(cause)
{
	t->text = event_tlb_cause_name(v->number);
}

TO_TEXT(scope)
{
	t->text = event_tlb_scope_name(v->number);
}

TO_TEXT(call)
{
	const char *name = event_hypercall_name(v->number);

	if (name)
		t->text = name;
	else
		make(t, "%" PRIu64, v->number);
}

TO_TEXT(name)
{
	const struct name_index_entry *e = name_index_at(&c->names, v->number);

	t->text = e->name;
	t->tag = e->module;
}

TO_TEXT(symbol)
{
	if (v->kind == KEY_NAME)
		return text_name(c, v, t);
	make(t, "0x%" PRIx64, v->number);
	t->tag = "unknown";
}

TO_TEXT(process)
{
	t->text = key_context_process_at(c, v)->comm;
}

TO_TEXT(device)
{
	if (v->kind == KEY_PORT)
		make(t, "port 0x%" PRIx64, v->number);
	else if (v->kind == KEY_PAGE)
		make(t, "page 0x%" PRIx64, v->number);
	else
		t->text = device_name(v->number);
}

#define EXITS	KEY_EXITS
#define FLUSHES	KEY_FLUSHES
#define CALLS	KEY_CALLS

const struct key_row key_rows[KEYS] = {
#define KEY(NAME, name, heading, width, type, records, text, help) \
	[BY_##NAME] = { #name, heading, help, width, KEY_TYPE_##type, \
			records, of_##name, text_##text },
#include "exit-analyzer/stats/keys.def"
};

void key_print(const struct key_context *c, enum key key,
	       const struct key_value *v, struct key_text *t)
{
	/* what every key may say instead of a value */
	static const char *const words[] = {
		[KEY_NONE] = "-",
		[KEY_UNKNOWN] = GUEST_UNKNOWN_TEXT,
		[KEY_OTHERS] = "[others]",
		[KEY_USER] = GUEST_USER_TEXT,
		[KEY_FAILED] = NULL,
	};

	t->tag = NULL;
	t->text = words[v->kind];
	if (!t->text)
		key_rows[key].to_text(c, v, t);
}

static int number_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int text_compare(const char *a, const char *b)
{
	if (!a || !b)
		return !!a - !!b;
	return strcmp(a, b);
}

/* Names come first, by the alphabet; then numbers. */
static int name_compare(const struct key_context *c, enum key key,
			const struct key_value *a, const struct key_value *b)
{
	bool a_is_number = a->kind == KEY_NUMBER || a->kind >= KEY_PORT;
	bool b_is_number = b->kind == KEY_NUMBER || b->kind >= KEY_PORT;
	struct key_text x, y;

	if (a_is_number || b_is_number)
		return a_is_number - b_is_number ?:
		       number_compare(a->kind, b->kind) ?:
		       number_compare(a->number, b->number);
	key_print(c, key, a, &x);
	key_print(c, key, b, &y);
	return text_compare(x.text, y.text) ?: text_compare(x.tag, y.tag);
}

int key_compare(const struct key_context *c, enum key key,
		const struct key_value *a, const struct key_value *b)
{
	const struct process_name *x, *y;

	if (key_rows[key].type != KEY_TYPE_NAME)
		return number_compare(a->kind, b->kind) ?:
		       number_compare(a->number, b->number);
	x = key_context_process_at(c, a);
	y = key_context_process_at(c, b);
	return name_compare(c, key, a, b) ?:
	       number_compare(x ? x->pid : 0, y ? y->pid : 0) ?:
	       number_compare(a->number, b->number);
}

static enum key key_find(const char *name, size_t length, unsigned int records)
{
	int key = 0;

	while (key < KEYS && (!(key_rows[key].records & records) ||
			      strlen(key_rows[key].name) != length ||
			      memcmp(key_rows[key].name, name, length)))
		key++;
	return key;
}

int key_parse(const char *list, unsigned int records, enum key keys[KEYS],
	      char *bad, size_t bad_bytes)
{
	bool taken[KEYS] = { false };
	int count = 0;

	for (;;) {
		size_t length = strcspn(list, ",");
		enum key key = key_find(list, length, records);

		if (key == KEYS || taken[key]) {
			snprintf(bad, bad_bytes, "%.*s", (int)length, list);
			return -EINVAL;
		}
		taken[key] = true;
		keys[count++] = key;
		if (!list[length])
			return count;
		list += length + 1;
	}
}
