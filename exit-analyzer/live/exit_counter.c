/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Most of an exit's cost is waiting for memory. So several exits are looked at
 * together: first the memory they need is asked for, then they are counted.
 */
#include "exit-analyzer/live/exit_counter.h"

#include <errno.h>
#include <stdlib.h>

/* More would leave the L1 cache again. */
#define TOGETHER 64

/* Where an exit is going to be counted. */
struct target {
	struct exit_counter *counter;
	size_t slot;		/* of its address, unless that has moved */
	uint32_t *bucket;	/* of its cost; NULL: there is none yet */
};

int exits_init(struct exits *x, struct key_context *context)
{
	rip_pool_init(&x->rips);
	return symbol_rows_init(&x->symbols, context) ?:
	       device_rows_init(&x->devices, context) ?:
	       process_rows_init(&x->processes, context);
}

void exits_exit(struct exits *x)
{
	for (unsigned int vm = 0; vm < VM_SLOTS; vm++)
		for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++)
			free(x->vcpu[vm][i]);
	while (x->counters) {
		struct exit_counter *counter = x->counters;

		x->counters = counter->next;
		rip_counts_exit(&counter->rips);
		histogram_clear(&counter->handle);
		free(counter);
	}
	symbol_rows_exit(&x->symbols);
	device_rows_exit(&x->devices);
	process_rows_exit(&x->processes);
}

struct vcpu_counter *exits_vcpu_new(struct exits *x, unsigned int vm,
				    unsigned int index)
{
	struct vcpu_counter *vcpu = calloc(1, sizeof(*vcpu));

	if (vcpu) {
		vcpu->last_reason = -1;
		vcpu->run = (struct process_run)PROCESS_RUN_BEGIN(vm, index);
	}
	x->vcpu[vm][index] = vcpu;
	return vcpu;
}

static struct exit_counter *counter_new(struct exits *x,
					struct vcpu_counter *vcpu,
					unsigned int vm,
					const struct event_vmexit *exit)
{
	struct exit_counter *counter = calloc(1, sizeof(*counter));

	if (!counter || rip_counts_init(&counter->rips, &x->rips)) {
		free(counter);
		return NULL;
	}
	counter->owner = (struct symbol_rows_owner){ vm, exit->vcpu,
						     exit->reason };
	counter->device = device_rows_want(exit->reason);
	counter->min_cycles = UINT32_MAX;
	counter->next = x->counters;
	x->counters = counter;
	vcpu->exit[exit->reason] = counter;
	return counter;
}

/* Finds where it is to be counted, and asks for that memory. */
static inline int exit_find(struct exits *x, unsigned int vm,
			    const struct event_vmexit *exit, struct target *t)
{
	struct vcpu_counter *vcpu = exits_vcpu(x, vm, exit->vcpu);
	struct exit_counter *c = vcpu ? vcpu->exit[exit->reason] : NULL;

	if (vcpu && !c)
		c = counter_new(x, vcpu, vm, exit);
	if (!c || !process_rows_add(&x->processes, &vcpu->run, exit))
		return -ENOMEM;
	vcpu->last_reason = exit->reason;
	t->counter = c;
	t->slot = rip_counts_slot(&c->rips, exit->rip);
	__builtin_prefetch(&c->rips.slot[t->slot], 1);
	t->bucket = histogram_counter(&c->handle, exit->handle_cycles);
	__builtin_prefetch(t->bucket, 1);
	c->blocked_cycles += exit->blocked_cycles;
	if (exit->handle_cycles < c->min_cycles)
		c->min_cycles = exit->handle_cycles;
	return 0;
}

static inline struct rip_count *exit_rip(struct rip_counts *r,
					 const struct event_vmexit *exit,
					 size_t slot)
{
	if (EVENT_CPL(exit->cpl_known) == 3)
		return &r->user;
	return rip_count_is(&r->slot[slot], exit->rip) ?
		&r->slot[slot] : rip_counts_find(r, exit->rip);
}

static inline int exit_count(struct exits *x, const struct event_vmexit *exit,
			     const struct target *t)
{
	struct exit_counter *c = t->counter;
	struct rip_count *rip = exit_rip(&c->rips, exit, t->slot);
	int err = 0;

	if (!rip)
		return -ENOMEM;
	rip_count_add(rip, exit->handle_cycles);
	if (t->bucket)
		++*t->bucket;
	else
		err = histogram_count(&c->handle, exit->handle_cycles);
	if (!err && c->device)
		err = device_rows_add(&x->devices, c->owner.vm, exit);
	return err;
}

/* Adds at most TOGETHER exits of one VM and one record length. */
static int exits_add_some(struct exits *x, unsigned int vm,
			  const struct event_vmexit *first,
			  unsigned int records)
{
	size_t bytes = first->h.slots * (size_t)EVENT_SLOT_BYTES;
	const struct event_vmexit *exit = first;
	struct target target[TOGETHER];

	for (unsigned int i = 0; i < records; i++) {
		int err = exit_find(x, vm, exit, &target[i]);

		if (err)
			return err;
		exit = (const void *)((const char *)exit + bytes);
	}
	exit = first;
	for (unsigned int i = 0; i < records; i++) {
		int err = exit_count(x, exit, &target[i]);

		if (err)
			return err;
		exit = (const void *)((const char *)exit + bytes);
	}
	return 0;
}

int exits_add(struct exits *x, unsigned int vm,
	      const struct event_vmexit *first, unsigned int records)
{
	size_t bytes = first->h.slots * (size_t)EVENT_SLOT_BYTES;
	int err = 0;

	while (!err && records) {
		unsigned int n = records < TOGETHER ? records : TOGETHER;

		err = exits_add_some(x, vm, first, n);
		first = (const void *)((const char *)first + n * bytes);
		records -= n;
	}
	return err;
}

int exits_end_runs(struct exits *x)
{
	int err = 0;

	for (unsigned int vm = 0; vm < VM_SLOTS; vm++)
		for (unsigned int i = 0; !err && i < ANCHOR_VCPUS_MAX; i++)
			if (x->vcpu[vm][i])
				err = process_rows_end_run(&x->processes,
							   &x->vcpu[vm][i]->run);
	return err;
}

/* Moves counts to their rows, and their sum to the costs. */
static int counter_add_up(struct exits *x, struct exit_counter *c)
{
	uint64_t count = 0, cycles = 0, max = 0;
	struct rip_count *rip = NULL;

	while ((rip = rip_counts_next(&c->rips, rip))) {
		int err;

		if (!rip->count)
			continue;
		count += rip->count;
		cycles += rip->cycles;
		if (rip->max_cycles > max)
			max = rip->max_cycles;
		err = symbol_rows_add(&x->symbols, &c->owner, &c->rips, rip);
		if (err)
			return err;
	}
	histogram_counted(&c->handle, count, cycles,
			  count ? c->min_cycles : 0, max);
	return 0;
}

int exits_add_up(struct exits *x)
{
	int err = exits_end_runs(x);

	for (struct exit_counter *c = x->counters; !err && c; c = c->next)
		err = counter_add_up(x, c);
	return err;
}

/* Counters that were not used in this interval give their memory back. */
void exits_begin(struct exits *x)
{
	for (struct exit_counter *c = x->counters; c; c = c->next) {
		c->total += c->handle.count;
		c->blocked_cycles = 0;
		c->min_cycles = UINT32_MAX;
		if (c->handle.count)
			histogram_reset(&c->handle);
		else
			histogram_clear(&c->handle);
	}
	for (unsigned int vm = 0; vm < VM_SLOTS; vm++)
		for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++)
			if (x->vcpu[vm][i]) {
				x->vcpu[vm][i]->tlb_flushes = 0;
				x->vcpu[vm][i]->hypercalls = 0;
			}
}

int exits_forget_symbols(struct exits *x)
{
	int err = symbol_rows_forget(&x->symbols);

	for (struct exit_counter *c = x->counters; !err && c; c = c->next)
		for (struct rip_count *rip = rip_counts_next(&c->rips, NULL);
		     rip; rip = rip_counts_next(&c->rips, rip))
			rip->row = RIP_NEW;
	return err;
}

int exits_trim(struct exits *x)
{
	int err;

	if (!rip_pool_is_full(&x->rips))
		return 0;
	err = symbol_rows_forget(&x->symbols);
	rip_pool_init(&x->rips);
	for (struct exit_counter *c = x->counters; !err && c; c = c->next) {
		rip_counts_exit(&c->rips);
		err = rip_counts_init(&c->rips, &x->rips);
	}
	return err;
}

void exits_reset(struct exits *x)
{
	for (struct exit_counter *c = x->counters; c; c = c->next)
		c->total = 0;
	device_rows_reset(&x->devices);
}
