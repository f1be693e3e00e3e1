/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events to where they are counted: exits to exit_counter.c, flushes and
 * hypercalls to groups of their own.
 */
#include "exit-analyzer/live/interval_counter.h"

#include <errno.h>
#include <stdlib.h>

#include "exit-analyzer/live/interval_state.h"
#include "tracer/event/event_run.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* more numbers than that share a row of each VM */
#define CALLS_MOST 4096

/* In the order of interval_state.h. */
static const enum key flush_keys[] = {
	BY_VM, BY_VCPU, BY_ASID, BY_SCOPE, BY_CAUSE, BY_GUEST,
};
static const enum key call_keys[] = { BY_VM, BY_HYPERCALL };

struct interval_counter *
interval_counter_new(const struct origin *origin)
{
	struct interval_counter *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->origin = origin;
	c->context.origin = origin;
	c->context.guests = c->guests;
	for (unsigned int vm = 0; vm < origin->vms; vm++)
		c->vm_state[vm] = origin->vm[vm].state;
	for (unsigned int i = 0; i < SNAPSHOT_BOUNDS; i++)
		c->bound_cycles[i] = (unsigned __int128)snapshot_bound_ns[i] *
			origin->clock.tsc_khz / 1000000;
	if (!key_context_init(&c->context) &&
	    !exits_init(&c->exits, &c->context) &&
	    !group_init(&c->flushes, flush_keys, ARRAY_SIZE(flush_keys),
			sizeof(struct flush_count)) &&
	    !group_init(&c->calls, call_keys, ARRAY_SIZE(call_keys),
			sizeof(struct call_count)))
		return c;
	interval_counter_free(c);
	errno = ENOMEM;
	return NULL;
}

void interval_counter_free(struct interval_counter *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < group_rows(&c->calls); i++)
		histogram_clear(&((struct call_count *)
				  group_row(&c->calls, i))->cycles);
	histogram_clear(&c->of_vm);
	histogram_clear(&c->of_all);
	exits_exit(&c->exits);
	group_exit(&c->flushes);
	group_exit(&c->calls);
	key_rows_exit(&c->keyed);
	losses_exit(&c->losses);
	key_context_exit(&c->context);
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++)
		guest_exit(&c->guests[vm]);
	free(c);
}

static unsigned int vm_of(const struct event_header *ev)
{
	return ev->vm < ANCHOR_VMS_MAX ? ev->vm : SNAPSHOT_NO_VM;
}

static int add_tlb_flush(struct interval_counter *c,
			 const struct event_tlb_flush *ev)
{
	struct vcpu_counter *vcpu = exits_vcpu(&c->exits, vm_of(&ev->h),
					       ev->vcpu);
	struct key_value values[ARRAY_SIZE(flush_keys)];
	ssize_t row;

	if (!vcpu)
		return -ENOMEM;
	group_values(&c->flushes, &c->context, &ev->h, 0, values);
	values[ROW_AT_VM].number = vm_of(&ev->h);
	row = group_find(&c->flushes, values);
	if (row < 0)
		return row;
	((struct flush_count *)group_row(&c->flushes, row))->count++;
	vcpu->tlb_flushes++;
	return 0;
}

static int add_hypercall(struct interval_counter *c,
			 const struct event_hypercall *ev)
{
	struct vcpu_counter *vcpu = exits_vcpu(&c->exits, vm_of(&ev->h),
					       ev->vcpu);
	struct key_value values[ARRAY_SIZE(call_keys)];
	struct call_count *call;
	ssize_t row;

	if (!vcpu)
		return -ENOMEM;
	group_values(&c->calls, &c->context, &ev->h, 0, values);
	values[ROW_AT_VM].number = vm_of(&ev->h);
	/* numbers are the guest's choice, and it may choose many */
	if (group_rows(&c->calls) >= CALLS_MOST &&
	    group_known(&c->calls, values) < 0)
		values[CALL_AT_NUMBER] = (struct key_value){ ~0ull, KEY_OTHERS };
	row = group_find(&c->calls, values);
	if (row < 0)
		return row;
	vcpu->hypercalls++;
	call = group_row(&c->calls, row);
	return histogram_add(&call->cycles, ev->cycles);
}

static int add_vm_state(struct interval_counter *c,
			const struct event_vm_state *ev)
{
	if (ev->h.vm < ANCHOR_VMS_MAX)
		c->vm_state[ev->h.vm] = ev->state;
	return 0;
}

static int add_record(struct interval_counter *c, const struct event_header *ev)
{
	switch (ev->id) {
	case EVENT_TLB_FLUSH:
		return add_tlb_flush(c, (const struct event_tlb_flush *)ev);
	case EVENT_HYPERCALL:
		return add_hypercall(c, (const struct event_hypercall *)ev);
	case EVENT_VM_STATE:
		return add_vm_state(c, (const struct event_vm_state *)ev);
	}
	return 0;
}

int interval_counter_add(struct interval_counter *c,
			 const struct event_header *ev, unsigned int records,
			 unsigned int cpu)
{
	const struct event_header *last = event_run_record(ev, records - 1);
	int err = 0;

	/* stands alone */
	if (ev->id == EVENT_LOST)
		return losses_add(&c->losses, (const struct event_lost *)ev);
	if (c->read + records > UINT32_MAX)
		return -EOVERFLOW;
	c->read += records;
	if (last->tsc > c->last_tsc)
		c->last_tsc = last->tsc;
	if (ev->id == EVENT_VMEXIT && c->keyed.context)
		err = key_rows_add(&c->keyed, (const void *)ev, records, cpu);
	if (err)
		return err;
	if (ev->id == EVENT_VMEXIT)
		return exits_add(&c->exits, vm_of(ev), (const void *)ev,
				 records);
	for (unsigned int i = 0; !err && i < records; i++)
		err = add_record(c, event_run_record(ev, i));
	return err;
}

int interval_counter_sort_by(struct interval_counter *c, const enum key *keys,
			     size_t count)
{
	return key_rows_choose(&c->keyed, keys, count, &c->context);
}

int interval_counter_use_symbols(struct interval_counter *c, unsigned int vm,
				 struct symtab *symtab)
{
	guest_use_symbols(&c->guests[vm], symtab);
	key_context_forget_symbols(&c->context);
	return exits_forget_symbols(&c->exits);
}

void interval_counter_use_processes(struct interval_counter *c,
				    unsigned int vm, struct process_map *map)
{
	guest_use_processes(&c->guests[vm], map);
}

int interval_counter_advance(struct interval_counter *c, uint64_t tsc)
{
	if (tsc < c->change_tsc)
		return 0;
	c->change_tsc = process_rows_next_change(&c->exits.processes, tsc);
	return exits_end_runs(&c->exits);
}

int interval_counter_see_processes(struct interval_counter *c, unsigned int vm,
				   const struct guest_process *list,
				   size_t count)
{
	return process_rows_use_list(&c->exits.processes, vm, list, count);
}

void interval_counter_reset(struct interval_counter *c)
{
	exits_reset(&c->exits);
	for (size_t i = 0; i < group_rows(&c->flushes); i++)
		((struct flush_count *)group_row(&c->flushes, i))->total = 0;
	for (size_t i = 0; i < group_rows(&c->calls); i++)
		((struct call_count *)group_row(&c->calls, i))->total = 0;
	c->missed_total = 0;
}

uint64_t interval_counter_last_tsc(const struct interval_counter *c)
{
	return c->last_tsc;
}

uint64_t interval_counter_unresolved(const struct interval_counter *c,
				     unsigned int vm)
{
	return c->unresolved[vm];
}
