/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of an interval: cells become rows, of every vCPU, of every VM and of
 * the machine, and are empty again.
 */
#include "exit-analyzer/live/sampler_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void cost_fill(struct cost_stats *cost, const struct histogram *h)
{
	uint64_t log2[HISTOGRAM_LOG2] = { 0 };

	cost->count = h->count;
	cost->cycles = h->sum;
	cost->min = h->min;
	cost->max = h->max;
	cost->p50 = histogram_percentile(h, 500);
	cost->p95 = histogram_percentile(h, 950);
	cost->p99 = histogram_percentile(h, 990);
	histogram_log2(h, log2);
	for (unsigned int i = 0; i < SNAPSHOT_LOG2; i++)
		cost->log2[i] = log2[i];
}

/* One scope's cells of a reason, as they come together. */
struct merge {
	const struct histogram *h;	/* NULL: none yet */
	uint64_t blocked_cycles, total;
};

/* Of one part there is nothing to merge. */
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
		cost_fill(&row->handle, m->h);
	row->handle.total = m->total;
	return 0;
}

/* A reason of one VM: its vCPUs, and together. */
static int vm_reason_cut(struct sampler *s, struct snapshot *snap,
			 unsigned int vm, unsigned int reason,
			 struct merge *whole)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < ANCHOR_VCPUS_MAX; i++) {
		struct cell *cell = s->vcpu[vm][i] ?
			s->vcpu[vm][i]->cell[reason] : NULL;
		struct merge one;

		if (!cell || !(cell->total + cell->handle.count))
			continue;
		one = (struct merge){ &cell->handle, cell->blocked_cycles,
				      cell->total + cell->handle.count };
		err = exit_put(snap, vm, i, reason, &one);
		if (!err)
			err = merge_add(whole, &s->of_vm, &one);
	}
	if (!err && whole->total)
		err = exit_put(snap, vm, SNAPSHOT_ALL, reason, whole);
	if (!err && whole->h)
		histogram_bounds(whole->h, s->bound_cycles, SNAPSHOT_BOUNDS,
				 snap->exit[snap->exits - 1].within);
	return err;
}

static int reason_cut(struct sampler *s, struct snapshot *snap,
		      unsigned int reason)
{
	struct merge all = { 0 };
	int err = 0;

	for (unsigned int vm = 0; !err && vm < VM_SLOTS; vm++) {
		struct merge whole = { 0 };

		err = vm_reason_cut(s, snap, vm, reason, &whole);
		/* of_vm is used again for the next VM: nobody may refer to it */
		if (whole.h == &s->of_vm && !all.h)
			all.h = &s->of_all;
		if (!err)
			err = merge_add(&all, &s->of_all, &whole);
		histogram_reset(&s->of_vm);
	}
	if (!err)
		err = exit_put(snap, SNAPSHOT_ALL, SNAPSHOT_ALL, reason, &all);
	histogram_reset(&s->of_all);
	return err;
}

static int vcpu_put(struct snapshot *snap, struct vcpu *vcpu, int vm, int i)
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
		const struct cell *cell = vcpu->cell[r];

		if (!cell)
			continue;
		row->exits += cell->handle.count;
		row->exits_total += cell->total + cell->handle.count;
		row->handle_cycles += cell->handle.sum;
		row->blocked_cycles += cell->blocked_cycles;
	}
	return 0;
}

/* vCPUs that have done something, and those that are said to be there. */
static int vcpus_cut(struct sampler *s, struct snapshot *snap)
{
	int err = 0;

	for (unsigned int vm = 0; vm < VM_SLOTS; vm++) {
		unsigned int vcpus = vm < s->machine.vms ?
			s->machine.vm[vm].vcpus : 0;

		for (unsigned int i = 0; !err && i < ANCHOR_VCPUS_MAX; i++)
			if (s->vcpu[vm][i] || i < vcpus)
				err = vcpu_put(snap, s->vcpu[vm][i], vm, i);
	}
	return err;
}

static int flushes_cut(struct sampler *s, struct snapshot *snap)
{
	snap->tlb = calloc(s->flush_table.rows + 1, sizeof(*snap->tlb));
	if (!snap->tlb)
		return -ENOMEM;
	for (size_t i = 0; i < s->flush_table.rows; i++) {
		const uint64_t *key = row_table_key(&s->flush_table, i);
		struct flush *flush = &s->flush[i];

		flush->total += flush->count;
		if (!flush->total)
			continue;
		snap->tlb[snap->tlbs++] = (struct snapshot_tlb){
			.vm = key[0] >> 16, .vcpu = key[0] & 0xffff,
			.asid = key[1] >> 24, .scope = key[1] >> 16,
			.cause = key[1] >> 8, .guest = key[1],
			.count = flush->count, .total = flush->total,
		};
		flush->count = 0;
	}
	return 0;
}

static int calls_cut(struct sampler *s, struct snapshot *snap)
{
	snap->hypercall = calloc(s->call_table.rows + 1,
				 sizeof(*snap->hypercall));
	if (!snap->hypercall)
		return -ENOMEM;
	for (size_t i = 0; i < s->call_table.rows; i++) {
		const uint64_t *key = row_table_key(&s->call_table, i);
		struct call *call = &s->call[i];
		struct snapshot_hypercall *row;

		call->total += call->cycles.count;
		if (!call->total)
			continue;
		row = &snap->hypercall[snap->hypercalls++];
		row->vm = key[0];
		row->number = key[1];
		cost_fill(&row->cost, &call->cycles);
		row->cost.total = call->total;
		histogram_reset(&call->cycles);
	}
	return 0;
}

static void vms_cut(const struct sampler *s, struct snapshot *snap)
{
	snap->vms = s->machine.vms;
	for (unsigned int vm = 0; vm < snap->vms; vm++) {
		const struct anchor_vm *from = &s->machine.vm[vm];
		struct snapshot_vm *to = &snap->vm[vm];

		memcpy(to->name, from->name, sizeof(to->name));
		to->name[sizeof(to->name) - 1] = '\0';
		to->state = s->vm_state[vm];
		to->vcpus = from->vcpus;
		for (unsigned int i = 0; i < from->extents; i++)
			to->ram_bytes += from->extent[i].bytes;
	}
}

static void vcpus_empty(struct sampler *s)
{
	for (unsigned int vm = 0; vm < VM_SLOTS; vm++)
		for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++)
			if (s->vcpu[vm][i]) {
				s->vcpu[vm][i]->tlb_flushes = 0;
				s->vcpu[vm][i]->hypercalls = 0;
			}
}

static void unresolved_count(struct sampler *s, const struct snapshot *snap)
{
	memset(s->unresolved, 0, sizeof(s->unresolved));
	for (size_t i = 0; i < snap->symbols; i++)
		if (!snap->symbol[i].name &&
		    snap->symbol[i].vm < ANCHOR_VMS_MAX)
			s->unresolved[snap->symbol[i].vm] +=
				snap->symbol[i].count;
}

static int interval_cut(struct sampler *s, struct snapshot *snap)
{
	int err = cells_settle(s);

	for (unsigned int r = 0; !err && r < EXIT_REASONS; r++)
		err = reason_cut(s, snap, r);
	if (!err)
		err = vcpus_cut(s, snap);
	if (!err)
		err = flushes_cut(s, snap);
	if (!err)
		err = calls_cut(s, snap);
	if (!err)
		err = devices_cut(&s->devices, snap);
	if (!err)
		err = symbol_rows_collect(&s->symbols, SAMPLER_SYMBOLS,
					  &snap->symbol, &snap->symbols);
	if (!err)
		err = sampler_settle_runs(s);
	if (!err)
		err = processes_collect(&s->processes, SAMPLER_PROCESSES,
					snap);
	if (!err && places_pool_is_full(&s->places))
		err = cells_forget_places(s);
	return err;
}

struct snapshot *sampler_cut(struct sampler *s)
{
	struct snapshot *snap = calloc(1, sizeof(*snap));
	int err;

	if (!snap)
		return NULL;
	err = interval_cut(s, snap);
	if (err) {
		snapshot_free(snap);
		errno = -err;
		return NULL;
	}
	vms_cut(s, snap);
	unresolved_count(s, snap);
	cells_empty(s);
	vcpus_empty(s);
	s->missed_total += s->missed;
	snap->tsc_khz = s->machine.tsc_khz;
	snap->read = s->read;
	snap->missed = s->missed;
	snap->missed_total = s->missed_total;
	s->read = 0;
	s->missed = 0;
	return snap;
}
