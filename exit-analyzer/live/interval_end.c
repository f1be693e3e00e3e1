/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of an interval: counters become rows, of every vCPU, of every VM and
 * of the machine, and are empty again.
 */
#include "exit-analyzer/live/interval_counter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/live/interval_state.h"

/* One scope's exits of a reason, as they come together. */
struct merge {
	const struct histogram *h;	/* NULL: none yet */
	uint64_t blocked_cycles, total;
};

/* A single part is used in place, without copying. */
static int merge_add(struct merge *m, struct histogram *scratch,
		     const struct merge *part)
{
	int err = 0;

	m->blocked_cycles += part->blocked_cycles;
	m->total += part->total;
	if (!part->h || !part->h->count)
		return 0;
	if (!m->h) {
		m->h = part->h;
		return 0;
	}
	if (m->h != scratch) {
		err = histogram_merge(scratch, m->h);
		m->h = scratch;
	}
	return err ? err : histogram_merge(scratch, part->h);
}

static int exit_put(struct snapshot *snap, int vm, int vcpu,
		    unsigned int reason, const struct merge *m)
{
	struct snapshot_exit *row, *grown;

	if (!m->total)
		return 0;
	grown = reallocarray(snap->exit, snap->exits + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	snap->exit = grown;
	row = &snap->exit[snap->exits++];
	memset(row, 0, sizeof(*row));
	row->vm = vm;
	row->vcpu = vcpu;
	row->reason = reason;
	row->blocked_cycles = m->blocked_cycles;
	if (m->h)
		cost_stats_fill(&row->handle, m->h);
	row->handle.total = m->total;
	return 0;
}

/* A reason of one VM: its vCPUs, and together. */
static int vm_reason_put(struct interval_counter *c, struct snapshot *snap,
			 unsigned int vm, unsigned int reason,
			 struct merge *whole)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < ANCHOR_VCPUS_MAX; i++) {
		struct exit_counter *x = c->exits.vcpu[vm][i] ?
			c->exits.vcpu[vm][i]->exit[reason] : NULL;
		struct merge one;

		if (!x || !(x->total + x->handle.count))
			continue;
		one = (struct merge){ &x->handle, x->blocked_cycles,
				      x->total + x->handle.count };
		err = exit_put(snap, vm, i, reason, &one);
		if (!err)
			err = merge_add(whole, &c->of_vm, &one);
	}
	if (!err && whole->total)
		err = exit_put(snap, vm, SNAPSHOT_ALL, reason, whole);
	if (!err && whole->h)
		histogram_bounds(whole->h, c->bound_cycles, SNAPSHOT_BOUNDS,
				 snap->exit[snap->exits - 1].within);
	return err;
}

static int reason_put(struct interval_counter *c, struct snapshot *snap,
		      unsigned int reason)
{
	struct merge all = { 0 };
	int err = 0;

	for (unsigned int vm = 0; !err && vm < VM_SLOTS; vm++) {
		struct merge whole = { 0 };

		err = vm_reason_put(c, snap, vm, reason, &whole);
		/* of_vm is used again for the next VM: nobody may refer to it */
		if (whole.h == &c->of_vm && !all.h)
			all.h = &c->of_all;
		if (!err)
			err = merge_add(&all, &c->of_all, &whole);
		histogram_reset(&c->of_vm);
	}
	if (!err)
		err = exit_put(snap, SNAPSHOT_ALL, SNAPSHOT_ALL, reason, &all);
	histogram_reset(&c->of_all);
	return err;
}

static int vcpu_put(struct snapshot *snap, struct vcpu_counter *vcpu,
		    int vm, int i)
{
	struct snapshot_vcpu *grown, *row;

	grown = reallocarray(snap->vcpu, snap->vcpus + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	snap->vcpu = grown;
	row = &snap->vcpu[snap->vcpus++];
	*row = (struct snapshot_vcpu){
		.vm = vm, .vcpu = i, .running = -1, .last_reason = -1,
	};
	if (!vcpu)
		return 0;
	row->last_reason = vcpu->last_reason;
	row->tlb_flushes = vcpu->tlb_flushes;
	row->hypercalls = vcpu->hypercalls;
	for (unsigned int r = 0; r < EXIT_REASONS; r++) {
		const struct exit_counter *x = vcpu->exit[r];

		if (!x)
			continue;
		row->exits += x->handle.count;
		row->exits_total += x->total + x->handle.count;
		row->handle_cycles += x->handle.sum;
		row->blocked_cycles += x->blocked_cycles;
	}
	return 0;
}

/* Puts vCPUs that have done something, and those that the machine has. */
static int vcpus_put(struct interval_counter *c, struct snapshot *snap)
{
	int err = 0;

	for (unsigned int vm = 0; vm < VM_SLOTS; vm++) {
		const struct origin_vm *of = origin_vm(c->origin, vm);
		unsigned int vcpus = of ? of->vcpus : 0;

		for (unsigned int i = 0; !err && i < ANCHOR_VCPUS_MAX; i++)
			if (c->exits.vcpu[vm][i] || i < vcpus)
				err = vcpu_put(snap, c->exits.vcpu[vm][i], vm,
					       i);
	}
	return err;
}

static unsigned int value(const struct group *g, size_t row, size_t at)
{
	return group_value(g, row, at).number;
}

static int flushes_put(struct interval_counter *c, struct snapshot *snap)
{
	const struct group *g = &c->flushes;

	snap->tlb = calloc(group_rows(g) + 1, sizeof(*snap->tlb));
	if (!snap->tlb)
		return -ENOMEM;
	for (size_t i = 0; i < group_rows(g); i++) {
		struct flush_count *flush = group_row(g, i);

		flush->total += flush->count;
		if (!flush->total)
			continue;
		snap->tlb[snap->tlbs++] = (struct snapshot_tlb){
			.vm = value(g, i, ROW_AT_VM),
			.vcpu = value(g, i, FLUSH_AT_VCPU),
			.asid = value(g, i, FLUSH_AT_ASID),
			.scope = value(g, i, FLUSH_AT_SCOPE),
			.cause = value(g, i, FLUSH_AT_CAUSE),
			.guest = value(g, i, FLUSH_AT_GUEST),
			.count = flush->count, .total = flush->total,
		};
		flush->count = 0;
	}
	return 0;
}

static int calls_put(struct interval_counter *c, struct snapshot *snap)
{
	const struct group *g = &c->calls;

	snap->hypercall = calloc(group_rows(g) + 1, sizeof(*snap->hypercall));
	if (!snap->hypercall)
		return -ENOMEM;
	for (size_t i = 0; i < group_rows(g); i++) {
		struct call_count *call = group_row(g, i);
		struct snapshot_hypercall *row;

		call->total += call->cycles.count;
		if (!call->total)
			continue;
		row = &snap->hypercall[snap->hypercalls++];
		row->vm = value(g, i, ROW_AT_VM);
		row->number = group_value(g, i, CALL_AT_NUMBER).number;
		cost_stats_fill(&row->cost, &call->cycles);
		row->cost.total = call->total;
		histogram_reset(&call->cycles);
	}
	return 0;
}

static void vms_put(const struct interval_counter *c, struct snapshot *snap)
{
	snap->vms = c->origin->vms;
	for (unsigned int vm = 0; vm < snap->vms; vm++) {
		const struct origin_vm *from = &c->origin->vm[vm];
		struct snapshot_vm *to = &snap->vm[vm];

		memcpy(to->name, from->name, sizeof(to->name));
		to->name[sizeof(to->name) - 1] = '\0';
		to->state = c->vm_state[vm];
		to->vcpus = from->vcpus;
		to->ram_bytes = origin_vm_ram_bytes(from);
	}
}

static void unresolved_count(struct interval_counter *c,
			     const struct snapshot *snap)
{
	memset(c->unresolved, 0, sizeof(c->unresolved));
	for (size_t i = 0; i < snap->symbols; i++)
		if (!snap->symbol[i].name &&
		    snap->symbol[i].vm < ANCHOR_VMS_MAX)
			c->unresolved[snap->symbol[i].vm] +=
				snap->symbol[i].count;
}

static int rows_put(struct interval_counter *c, struct snapshot *snap)
{
	struct exits *x = &c->exits;
	int err = exits_add_up(x);

	for (unsigned int r = 0; !err && r < EXIT_REASONS; r++)
		err = reason_put(c, snap, r);
	return err ?:
	       vcpus_put(c, snap) ?:
	       flushes_put(c, snap) ?:
	       calls_put(c, snap) ?:
	       device_rows_collect(&x->devices, snap) ?:
	       symbol_rows_collect(&x->symbols, INTERVAL_SYMBOLS, snap) ?:
	       key_rows_collect(&c->keyed, INTERVAL_KEYED, snap) ?:
	       process_rows_collect(&x->processes, INTERVAL_PROCESSES, snap) ?:
	       exits_trim(x);
}

struct snapshot *interval_counter_end(struct interval_counter *c,
				      uint64_t end_tsc)
{
	struct snapshot *snap = calloc(1, sizeof(*snap));
	int err;

	if (!snap)
		return NULL;
	err = rows_put(c, snap);
	if (err) {
		snapshot_free(snap);
		errno = -err;
		return NULL;
	}
	vms_put(c, snap);
	unresolved_count(c, snap);
	exits_begin(&c->exits);
	snap->missed = losses_end(&c->losses, end_tsc, &snap->lossy);
	c->missed_total += snap->missed;
	snap->missed_total = c->missed_total;
	snap->tsc_khz = c->origin->clock.tsc_khz;
	snap->read = c->read;
	c->read = 0;
	return snap;
}
