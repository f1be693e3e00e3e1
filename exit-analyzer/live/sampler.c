/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events to where they are counted: exits to the cells (cells.c), flushes and
 * hypercalls to rows of their own.
 */
#include "exit-analyzer/live/sampler_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/stats/rows.h"

/* more numbers than that share the last one */
#define CALLS_MOST 4096

struct sampler *sampler_new(const struct trace_machine *machine)
{
	struct sampler *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->machine = *machine;
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++)
		s->vm_state[vm] = machine->vm[vm].state;
	for (unsigned int i = 0; i < SNAPSHOT_BOUNDS; i++)
		s->bound_cycles[i] = (unsigned __int128)snapshot_bound_ns[i] *
			machine->tsc_khz / 1000000;
	places_pool_init(&s->places);
	s->context.machine = &s->machine;
	if (!key_context_init(&s->context) &&
	    !symbol_rows_init(&s->symbols, &s->context) &&
	    !devices_init(&s->devices, &s->machine) &&
	    !processes_init(&s->processes) &&
	    !row_table_init(&s->flush_table, 2) &&
	    !row_table_init(&s->call_table, 2))
		return s;
	sampler_free(s);
	errno = ENOMEM;
	return NULL;
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	for (unsigned int vm = 0; vm < VM_SLOTS; vm++)
		for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++)
			free(s->vcpu[vm][i]);
	cells_free(s);
	for (size_t i = 0; i < s->call_table.rows; i++)
		histogram_clear(&s->call[i].cycles);
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++)
		symtab_free(s->symtab[vm]);
	histogram_clear(&s->of_vm);
	histogram_clear(&s->of_all);
	symbol_rows_exit(&s->symbols);
	key_context_exit(&s->context);
	devices_exit(&s->devices);
	processes_exit(&s->processes);
	row_table_exit(&s->flush_table);
	row_table_exit(&s->call_table);
	free(s->flush);
	free(s->call);
	free(s);
}

struct vcpu *sampler_vcpu_new(struct sampler *s, unsigned int vm,
			      unsigned int index)
{
	struct vcpu *vcpu = calloc(1, sizeof(*vcpu));

	if (vcpu) {
		vcpu->last_reason = -1;
		vcpu->run = (struct process_run)PROCESS_RUN_BEGIN(vm, index);
	}
	s->vcpu[vm][index] = vcpu;
	return vcpu;
}

static int add_tlb_flush(struct sampler *s, const struct event_tlb_flush *ev)
{
	unsigned int vm = sampler_vm(&ev->h);
	struct vcpu *vcpu = sampler_vcpu(s, vm, ev->vcpu);
	uint64_t key[2] = {
		(uint64_t)vm << 16 | ev->vcpu,
		(uint64_t)ev->asid << 24 | ev->scope << 16 | ev->cause << 8 |
			!!ev->guest,
	};
	struct flush *grown = rows_reserve(s->flush, &s->flushes_max,
					   s->flush_table.rows, sizeof(*grown));
	ssize_t row;

	if (!vcpu || !grown)
		return -ENOMEM;
	s->flush = grown;
	row = row_table_find(&s->flush_table, key);
	if (row < 0)
		return row;
	s->flush[row].count++;
	vcpu->tlb_flushes++;
	return 0;
}

static int add_hypercall(struct sampler *s, const struct event_hypercall *ev)
{
	unsigned int vm = sampler_vm(&ev->h);
	struct vcpu *vcpu = sampler_vcpu(s, vm, ev->vcpu);
	uint64_t key[2] = { vm, ev->number };
	struct call *grown;
	ssize_t row;

	/* numbers are the guest's choice, and it may choose many */
	if (s->call_table.rows >= CALLS_MOST &&
	    row_table_known(&s->call_table, key) < 0)
		key[1] = ~0ull;
	grown = rows_reserve(s->call, &s->calls_max, s->call_table.rows,
			     sizeof(*grown));
	if (!vcpu || !grown)
		return -ENOMEM;
	s->call = grown;
	row = row_table_find(&s->call_table, key);
	if (row < 0)
		return row;
	vcpu->hypercalls++;
	return histogram_add(&s->call[row].cycles, ev->cycles);
}

static int add_vm_state(struct sampler *s, const struct event_vm_state *ev)
{
	if (ev->h.vm < ANCHOR_VMS_MAX)
		s->vm_state[ev->h.vm] = ev->state;
	return 0;
}

static int add_record(struct sampler *s, const struct event_header *ev)
{
	switch (ev->id) {
	case EVENT_TLB_FLUSH:
		return add_tlb_flush(s, (const struct event_tlb_flush *)ev);
	case EVENT_HYPERCALL:
		return add_hypercall(s, (const struct event_hypercall *)ev);
	case EVENT_VM_STATE:
		return add_vm_state(s, (const struct event_vm_state *)ev);
	}
	return 0;
}

int sampler_add(struct sampler *s, const struct event_header *ev,
		unsigned int records)
{
	const struct event_header *last = event_run_record(ev, records - 1);
	int err = 0;

	/* stands alone */
	if (ev->id == EVENT_LOST) {
		s->missed += ((const struct event_lost *)ev)->missed;
		return 0;
	}
	if (s->read + records > UINT32_MAX)
		return -EOVERFLOW;
	s->read += records;
	if (last->tsc > s->last_tsc)
		s->last_tsc = last->tsc;
	if (ev->id == EVENT_VMEXIT)
		return cells_add(s, ev, records);
	for (unsigned int i = 0; !err && i < records; i++)
		err = add_record(s, event_run_record(ev, i));
	return err;
}

int sampler_use_symbols(struct sampler *s, unsigned int vm,
			struct symtab *symtab)
{
	symtab_free(s->symtab[vm]);
	s->symtab[vm] = symtab;
	s->context.symtab[vm] = symtab;
	key_context_forget_symbols(&s->context);
	cells_ask(s);
	return symbol_rows_forget(&s->symbols);
}

int sampler_settle_runs(struct sampler *s)
{
	int err = 0;

	for (unsigned int vm = 0; vm < VM_SLOTS; vm++)
		for (unsigned int i = 0; !err && i < ANCHOR_VCPUS_MAX; i++)
			if (s->vcpu[vm][i])
				err = processes_settle(&s->processes,
						       &s->vcpu[vm][i]->run);
	return err;
}

void sampler_use_processes(struct sampler *s, unsigned int vm,
			   struct process_map *map)
{
	processes_use_map(&s->processes, vm, map);
}

int sampler_advance(struct sampler *s, uint64_t tsc)
{
	if (tsc < s->change_tsc)
		return 0;
	s->change_tsc = processes_next_change(&s->processes, tsc);
	return sampler_settle_runs(s);
}

int sampler_see_processes(struct sampler *s, unsigned int vm,
			  const struct guest_process *list, size_t count)
{
	return processes_use_list(&s->processes, vm, list, count);
}

void sampler_reset(struct sampler *s)
{
	for (struct cell *cell = s->cells; cell; cell = cell->next)
		cell->total = 0;
	for (size_t i = 0; i < s->flush_table.rows; i++)
		s->flush[i].total = 0;
	for (size_t i = 0; i < s->call_table.rows; i++)
		s->call[i].total = 0;
	devices_reset(&s->devices);
	s->missed_total = 0;
}

uint64_t sampler_last_tsc(const struct sampler *s)
{
	return s->last_tsc;
}

uint64_t sampler_unresolved(const struct sampler *s, unsigned int vm)
{
	return s->unresolved[vm];
}
