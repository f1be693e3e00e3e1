/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intervals added up. How many rows there can be is bounded here: by the
 * anchor's limits for VMs, vCPUs and reasons, by our own for the rest.
 */
#include "vmtop/serve/metrics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/event/printable.h"
#include "vmtop/table/item.h"

static void machine_free(struct metrics_machine *machine)
{
	for (unsigned int vm = 0; vm < METRICS_VM_SLOTS; vm++) {
		for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++)
			free(machine->vm[vm].vcpu[i]);
		for (unsigned int r = 0; r < EXIT_REASONS; r++)
			free(machine->vm[vm].reason[r]);
	}
	free(machine);
}

static void machine_remove(struct metrics *m, size_t i)
{
	machine_free(m->machine[i]);
	m->machine[i] = m->machine[--m->machines];
}

/* Removes the one of this name, and those that went first, if they are many. */
static void gone_remove(struct metrics *m, const char *name)
{
	size_t gone = 0, oldest = 0;

	for (size_t i = 0; i < m->machines; i++) {
		if (!strcmp(m->machine[i]->name, name)) {
			machine_remove(m, i);
			return;
		}
		if (!m->machine[i]->gone)
			continue;
		if (!gone++ || m->machine[i]->gone_at_s <
			       m->machine[oldest]->gone_at_s)
			oldest = i;
	}
	if (gone >= METRICS_GONE)
		machine_remove(m, oldest);
}

/* Makes room for one more; 0 or -ENOMEM. */
static int machines_grow(struct metrics *m)
{
	size_t max = m->machines_max ? 2 * m->machines_max : 16;
	struct metrics_machine **grown;

	if (m->machines < m->machines_max)
		return 0;
	grown = reallocarray(m->machine, max, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	m->machine = grown;
	m->machines_max = max;
	return 0;
}

/* "vm0" is what VM 0 is called if it may not be called by its name. */
static bool name_is_taken(const struct snapshot *snap, unsigned int vm,
			  const char *name)
{
	char other[sizeof(snap->vm[0].name)];

	for (unsigned int i = 0; i < ANCHOR_VMS_MAX; i++) {
		if (i == vm)
			continue;
		snprintf(other, sizeof(other), "vm%u", i);
		if (!strcmp(name, other))
			return true;
		if (i >= snap->vms)
			continue;
		printable_text(other, sizeof(other), snap->vm[i].name);
		if (!strcmp(name, other))
			return true;
	}
	return false;
}

static void vm_name(char *to, size_t bytes, const struct snapshot *snap,
		    unsigned int vm)
{
	to[0] = '\0';
	if (vm == SNAPSHOT_NO_VM)
		return;
	if (vm < snap->vms)
		printable_text(to, bytes, snap->vm[vm].name);
	if (!*to || name_is_taken(snap, vm, to))
		snprintf(to, bytes, "vm%u", vm);
}

static struct metrics_machine *machine_new(struct metrics *m, const char *name,
					   unsigned long serial,
					   const struct snapshot *snap)
{
	struct metrics_machine *new;

	gone_remove(m, name);
	new = machines_grow(m) ? NULL : calloc(1, sizeof(*new));
	if (!new)
		return NULL;
	new->serial = serial;
	snprintf(new->name, sizeof(new->name), "%s", name);
	new->tsc_khz = snap->tsc_khz;
	for (unsigned int vm = 0; vm < METRICS_VM_SLOTS; vm++)
		vm_name(new->vm[vm].name, sizeof(new->vm[vm].name), snap, vm);
	m->machine[m->machines++] = new;
	return new;
}

static struct metrics_machine *machine_find(const struct metrics *m,
					    unsigned long serial)
{
	for (size_t i = 0; i < m->machines; i++)
		if (m->machine[i]->serial == serial)
			return m->machine[i];
	return NULL;
}

static struct metrics_vcpu *vcpu_get(struct metrics_machine *to, int vm,
				     int vcpu)
{
	struct metrics_vcpu **at = &to->vm[vm].vcpu[vcpu];

	if (!*at)
		*at = calloc(1, sizeof(**at));
	return *at;
}

static struct metrics_reason *reason_get(struct metrics_machine *to, int vm,
					 unsigned int reason)
{
	struct metrics_reason **at = &to->vm[vm].reason[reason];

	if (!*at)
		*at = calloc(1, sizeof(**at));
	return *at;
}

static int exit_add(struct metrics_machine *to, const struct snapshot_exit *e)
{
	struct metrics_reason *reason;
	struct metrics_vcpu *vcpu;

	if (e->vm == SNAPSHOT_ALL)
		return 0;
	if (e->vcpu != SNAPSHOT_ALL) {
		vcpu = vcpu_get(to, e->vm, e->vcpu);
		if (!vcpu)
			return -ENOMEM;
		vcpu->exits[e->reason] += e->handle.count;
		vcpu->blocked_cycles[e->reason] += e->blocked_cycles;
		vcpu->handle_cycles += e->handle.cycles;
		return 0;
	}
	reason = reason_get(to, e->vm, e->reason);
	if (!reason)
		return -ENOMEM;
	reason->count += e->handle.count;
	reason->cycles += e->handle.cycles;
	for (unsigned int i = 0; i < SNAPSHOT_BOUNDS; i++)
		reason->within[i] += e->within[i];
	return 0;
}

static struct metrics_flush *flush_get(struct metrics_vm *vm, bool others,
				       unsigned int asid, unsigned int cause)
{
	struct metrics_flush *f = vm->flush;

	for (; f < vm->flush + vm->flushes; f++)
		if (f->others == others && f->asid == asid && f->cause == cause)
			return f;
	if (!others && vm->flushes >= METRICS_FLUSHES)
		return flush_get(vm, true, 0, cause);
	vm->flushes++;
	*f = (struct metrics_flush){ others, asid, cause, 0 };
	return f;
}

static struct metrics_call *call_get(struct metrics_vm *vm, bool others,
				     uint64_t number)
{
	struct metrics_call *call = vm->call;

	for (; call < vm->call + vm->calls; call++)
		if (call->others == others && call->number == number)
			return call;
	if (!others && vm->calls >= METRICS_CALLS)
		return call_get(vm, true, 0);
	vm->calls++;
	*call = (struct metrics_call){ .others = others, .number = number };
	return call;
}

static void flush_add(struct metrics_machine *to, const struct snapshot_tlb *f)
{
	unsigned int cause = f->cause < TLB_CAUSES ? f->cause : TLB_CAUSES;

	flush_get(&to->vm[f->vm], false, f->asid, cause)->count += f->count;
}

static void call_add(struct metrics_machine *to,
		     const struct snapshot_hypercall *from)
{
	struct metrics_call *call = call_get(&to->vm[from->vm], false,
					     from->number);

	call->count += from->cost.count;
	call->cycles += from->cost.cycles;
}

static void state_take(struct metrics_machine *to, const struct snapshot *snap)
{
	to->vms = snap->vms;
	for (unsigned int vm = 0; vm < snap->vms; vm++)
		to->vm[vm].now = snap->vm[vm];
	to->waiting = snap->waiting;
}

static int rows_add(struct metrics_machine *to, const struct snapshot *snap)
{
	int err = 0;

	for (size_t i = 0; i < snap->vcpus; i++) {
		const struct snapshot_vcpu *v = &snap->vcpu[i];
		struct metrics_vcpu *vcpu = vcpu_get(to, v->vm, v->vcpu);

		if (!vcpu)
			return -ENOMEM;
		vcpu->running = v->running;
		vcpu->irqs_known |= v->irqs_known;
		vcpu->irqs_injected += v->irqs_injected;
	}
	for (size_t i = 0; !err && i < snap->exits; i++)
		err = exit_add(to, &snap->exit[i]);
	for (size_t i = 0; i < snap->tlbs; i++)
		flush_add(to, &snap->tlb[i]);
	for (size_t i = 0; i < snap->hypercalls; i++)
		call_add(to, &snap->hypercall[i]);
	return err;
}

int metrics_add(struct metrics *m, const char *name, unsigned long serial,
		bool gone, const struct snapshot *snap)
{
	struct metrics_machine *to = machine_find(m, serial);

	if (!snap)
		return 0;
	if (!to && gone && !snap->read && !snap->missed)
		return 0;
	if (!to)
		to = machine_new(m, name, serial, snap);
	if (!to)
		return -ENOMEM;
	to->seen = !gone;
	to->read += snap->read;
	to->missed += snap->missed;
	state_take(to, snap);
	return rows_add(to, snap);
}

void metrics_interval(struct metrics *m, const struct watch_status *status,
		      double seconds)
{
	m->intervals++;
	m->seconds = seconds;
	m->own_cpu_s = status->own_cpu_s;
	m->own_bytes = status->own_bytes;
	for (size_t i = 0; i < m->machines;) {
		struct metrics_machine *machine = m->machine[i];

		if (!machine->seen && !machine->gone) {
			machine->gone = true;
			machine->gone_at_s = status->at_s;
		}
		machine->seen = false;
		if (machine->gone &&
		    status->at_s >= machine->gone_at_s + METRICS_GONE_S)
			machine_remove(m, i);
		else
			i++;
	}
}

int metrics_add_watch(struct metrics *m, const struct watch *w, double seconds)
{
	struct watch_status status;
	int err = 0;

	for (size_t i = 0; !err && i < watch_targets(w); i++)
		err = metrics_add(m, watch_name(w, i), watch_serial(w, i),
				  watch_gone(w, i), watch_past(w, i, 0));
	watch_status(w, &status);
	metrics_interval(m, &status, seconds);
	return err;
}

void metrics_clear(struct metrics *m)
{
	while (m->machines)
		machine_remove(m, m->machines - 1);
	free(m->machine);
	memset(m, 0, sizeof(*m));
}
