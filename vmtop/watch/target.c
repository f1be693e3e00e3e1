/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a machine's rings, or a trace's records, to snapshots.
 */
#include "vmtop/watch/target.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmtop/watch/guest_symbols.h"

/* A guest loads modules after its kernel was seen first. */
#define SYMBOL_LOADS	3
/* Intervals without a record that are worth showing; then a gap is jumped. */
#define GAP_INTERVALS	3600

/* Intervals need no order among the CPUs. */
static int rings_open(struct target *t)
{
	t->source = source_open_rings(machine_view(t->machine), false);
	if (!t->source)
		return -errno;
	t->vms = source_origin(t->source)->vms;
	t->counter = interval_counter_new(source_origin(t->source));
	return t->counter ? 0 : -ENOMEM;
}

/* Returns how many came since we asked last; a counter never goes backwards. */
static uint64_t irqs_since(struct target *t, const struct anchor_vcpu *pub,
			 unsigned int index)
{
	uint64_t before = t->irqs_injected[index];
	uint64_t now = __atomic_load_n(&pub->irqs_injected, __ATOMIC_RELAXED);

	t->irqs_injected[index] = now;
	return now > before ? now - before : 0;
}

/* Leaves out what came before we did: it is not in any interval. */
static void irqs_begin(struct target *t)
{
	for (unsigned int i = 0; i < ANCHOR_VCPUS_MAX; i++) {
		const struct anchor_vcpu *pub =
			view_vcpu(machine_view(t->machine), i);

		if (pub)
			irqs_since(t, pub, i);
	}
}

int target_attach(struct target *t, const char *name,
		  char error[TARGET_ERROR_BYTES])
{
	int err;

	memset(t, 0, sizeof(*t));
	snprintf(t->name, sizeof(t->name), "%s", name);
	t->machine = machine_new();
	if (!t->machine)
		return -ENOMEM;
	err = machine_attach(t->machine, name);
	if (err) {
		snprintf(error, TARGET_ERROR_BYTES, "%s",
			 machine_error(t->machine));
		target_close(t);
		return err;
	}
	err = rings_open(t);
	if (err) {
		snprintf(error, TARGET_ERROR_BYTES, "cannot read the rings of "
			 "machine %s: %s", name, strerror(-err));
		target_close(t);
		return err;
	}
	irqs_begin(t);
	t->ring_slots = machine_ring_slots(t->machine);
	t->poll_ms = 1;
	return 0;
}

static int replay_symbols(struct target *t)
{
	int err = 0;

	for (unsigned int vm = 0; !err && vm < ANCHOR_VMS_MAX; vm++) {
		struct symtab *symtab = guest_symbols_of_file(t->source, vm);

		if (symtab)
			err = interval_counter_use_symbols(t->counter, vm,
							   symtab);
	}
	return err;
}

static int replay_processes(struct target *t)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		const struct trace_process *changes;
		struct process_map *map;
		size_t count;

		changes = source_processes(t->source, vm, &count);
		if (!count)
			continue;
		map = process_map_new(changes, count);
		if (!map)
			return -ENOMEM;
		interval_counter_use_processes(t->counter, vm, map);
	}
	return 0;
}

/* Returns how many of the run's records are before that time. */
static unsigned int records_before(const struct event_run *run, uint64_t until)
{
	unsigned int n = 0;

	while (n < run->count &&
	       ((const struct event_header *)
		event_run_record(run->first, n))->tsc < until)
		n++;
	return n;
}

/* Records before that are not shown. */
static int replay_seek(struct target *t, double seek_s,
		       char error[TARGET_ERROR_BYTES])
{
	double khz = source_origin(t->source)->clock.tsc_khz;
	struct event_run run;
	uint64_t from = 0;
	int more = 0;

	/* what was lost before the first record is counted */
	while (seek_s > 0 && (more = source_read(t->source, &run)) > 0) {
		unsigned int before;

		if (!from && run.first->id != EVENT_LOST)
			from = run.first->tsc + (uint64_t)(seek_s * khz * 1e3);
		before = from ? records_before(&run, from) : run.count;
		source_unread(t->source, run.count - before);
		if (before < run.count)
			break;
	}
	if (more < 0)
		snprintf(error, TARGET_ERROR_BYTES, "%s: %s", t->name,
			 source_error(t->source));
	return more < 0 ? more : 0;
}

int target_replay(struct target *t, const char *path, double seek_s,
		  char error[TARGET_ERROR_BYTES])
{
	const char *base = strrchr(path, '/'), *why;
	int err;

	memset(t, 0, sizeof(*t));
	snprintf(t->name, sizeof(t->name), "%s", base ? base + 1 : path);
	errno = 0;
	t->source = source_merged(source_open_file(path, &why));
	if (!t->source) {
		err = errno ? -errno : -EIO;
		snprintf(error, TARGET_ERROR_BYTES, "cannot read %s: %s", path,
			 why ? why : strerror(-err));
		return err;
	}
	t->counter = interval_counter_new(source_origin(t->source));
	err = t->counter ? replay_symbols(t) ?: replay_processes(t) : -ENOMEM;
	if (err)
		snprintf(error, TARGET_ERROR_BYTES, "%s: %s", path,
			 strerror(-err));
	else
		err = replay_seek(t, seek_s, error);
	if (err)
		target_close(t);
	return err;
}

void target_forget(struct target *t)
{
	for (unsigned int i = 0; i < WATCH_PAST; i++) {
		snapshot_free(t->past[i]);
		t->past[i] = NULL;
	}
	if (t->counter)
		interval_counter_reset(t->counter);
}

void target_close(struct target *t)
{
	target_forget(t);
	symtab_free(symbol_loader_end(t->loader, NULL));
	interval_counter_free(t->counter);
	source_close(t->source);
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++)
		process_watch_close(&t->processes[vm]);
	machine_close(t->machine);
	memset(t, 0, sizeof(*t));
}

static uint64_t waiting_now(const struct target *t)
{
	struct source_cpu_counts c;
	uint64_t waiting = 0;

	for (unsigned int cpu = 0; cpu < source_cpus(t->source); cpu++) {
		source_counts(t->source, cpu, &c);
		waiting += c.written - c.read - c.missed;
	}
	return waiting;
}

/* Sooner while rings fill up quickly, later while little comes. */
static void poll_adapt(struct target *t, uint64_t waiting)
{
	if (waiting > t->ring_slots / 8)
		t->poll_ms /= 2;
	else if (waiting < t->ring_slots / 32)
		t->poll_ms *= 2;
	if (t->poll_ms < 1)
		t->poll_ms = 1;
	if (t->poll_ms > TARGET_POLL_MS_MAX)
		t->poll_ms = TARGET_POLL_MS_MAX;
}

/* 0: what was there is read, or t->more. Negative errno. */
static int rings_drain(struct target *t, unsigned int most)
{
	struct event_run run;
	int err = 0, more = 0;

	t->more = false;
	for (unsigned int n = 0; !err && !t->more; n += run.count) {
		more = source_read(t->source, &run);
		if (more <= 0)
			break;
		err = interval_counter_add(t->counter, run.first, run.count,
					   run.cpu);
		t->more = n + run.count >= most;
	}
	return more < 0 ? more : err;
}

int target_drain(struct target *t, unsigned int most,
		 char error[TARGET_ERROR_BYTES])
{
	uint64_t waiting = waiting_now(t);
	int err;

	if (waiting > t->waiting_most)
		t->waiting_most = waiting;
	if (!t->more)
		poll_adapt(t, waiting);
	err = rings_drain(t, most);
	if (err)
		snprintf(error, TARGET_ERROR_BYTES, "machine %s: %s", t->name,
			 *source_error(t->source) ? source_error(t->source) :
						    strerror(-err));
	return err;
}

/* Takes from the anchor the state of this moment, and its counters. */
static void anchor_take(struct target *t, struct snapshot *snap)
{
	const struct anchor *a = machine_anchor(t->machine);

	for (unsigned int vm = 0; vm < snap->vms; vm++) {
		unsigned int state = a->vm[vm].state;

		if (state < VM_STATES)
			snap->vm[vm].state = state;
	}
	for (size_t i = 0; i < snap->vcpus; i++) {
		struct snapshot_vcpu *v = &snap->vcpu[i];
		const struct anchor_vcpu *pub;
		unsigned int index;

		/* a record may name one that the VM has not */
		if (v->vm >= (int)snap->vms ||
		    v->vcpu >= (int)snap->vm[v->vm].vcpus)
			continue;
		index = a->vm[v->vm].first_vcpu + v->vcpu;
		pub = view_vcpu(machine_view(t->machine), index);
		if (!pub)
			continue;
		v->running = !!pub->running;
		v->irqs_known = true;
		v->irqs_injected = irqs_since(t, pub, index);
	}
}

/* Sees who is there now, but not who came and went since the last time. */
static int processes_see(struct target *t)
{
	int err = 0;

	for (unsigned int vm = 0; !err && vm < t->vms; vm++) {
		struct process_watch *w = &t->processes[vm];

		if (!w->open)
			continue;
		err = process_watch_look(w,
					 interval_counter_last_tsc(t->counter));
		if (!err)
			err = interval_counter_see_processes(
				t->counter, vm, w->known, w->known_count);
	}
	return err;
}

struct snapshot *target_end_interval(struct target *t, double seconds)
{
	int err = processes_see(t);
	struct snapshot *snap = err ? NULL :
		interval_counter_end(t->counter, INTERVAL_END_NOW);
	uint64_t last = interval_counter_last_tsc(t->counter);

	if (!snap) {
		errno = err ? -err : errno;
		return NULL;
	}
	snap->seconds = seconds;
	snap->cycles = seconds * snap->tsc_khz * 1e3;
	/* there, instructions are the time */
	if (machine_deterministic(t->machine) && t->end_tsc)
		snap->cycles = last - t->end_tsc;
	t->end_tsc = last;
	snap->waiting = t->waiting_most;
	t->waiting_most = 0;
	anchor_take(t, snap);
	return snap;
}

static int replay_add(struct target *t, const struct event_run *run,
		      unsigned int records)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < records; i++) {
		const struct event_header *ev = event_run_record(run->first, i);

		/* the first record is where time begins */
		if (!t->start_tsc && ev->id != EVENT_LOST)
			t->start_tsc = t->first_tsc = ev->tsc ? ev->tsc : 1;
		err = interval_counter_advance(t->counter, ev->tsc) ?:
		      interval_counter_add(t->counter, ev, 1, run->cpu);
	}
	return err;
}

/* Where the interval ends, once it is known where it begins. */
static uint64_t replay_until(const struct target *t, uint64_t cycles)
{
	uint64_t until;

	if (!t->start_tsc ||
	    __builtin_add_overflow(t->start_tsc, cycles, &until))
		return UINT64_MAX;
	return until;
}

/* Takes what is in the interval; the TSC of what is next, 0: nothing. */
static int replay_interval(struct target *t, uint64_t cycles, uint64_t *until,
			   uint64_t *next)
{
	struct event_run run;
	int more, err;

	*next = 0;
	while (!*next && (more = source_read(t->source, &run)) > 0) {
		/* the first record alone, for the end is not known before it */
		unsigned int n = t->start_tsc ?
			records_before(&run, replay_until(t, cycles)) : 1;

		if (t->start_tsc && n < run.count)
			*next = ((const struct event_header *)
				 event_run_record(run.first, n))->tsc;
		err = replay_add(t, &run, n);
		if (err)
			return err;
		source_unread(t->source, run.count - n);
	}
	*until = replay_until(t, cycles);
	return !*next && more < 0 ? more : 0;
}

struct snapshot *target_replay_interval(struct target *t, double seconds,
				   char error[TARGET_ERROR_BYTES])
{
	const struct origin *o = source_origin(t->source);
	double cycles = seconds * o->clock.tsc_khz * 1e3;
	uint64_t until = 0, next = 0, end;
	struct snapshot *snap;
	int err;

	err = replay_interval(t, seconds > 0 && cycles < 9e18 ?
			      (uint64_t)cycles + !(uint64_t)cycles : UINT64_MAX,
			      &until, &next);
	if (err < 0) {
		snprintf(error, TARGET_ERROR_BYTES, "%s: %s", t->name,
			 *source_error(t->source) ? source_error(t->source) :
						    strerror(-err));
		errno = -err;
		return NULL;
	}
	snap = interval_counter_end(t->counter,
				    next ? until : INTERVAL_END_NOW);
	if (!snap)
		return NULL;
	end = next ? until : interval_counter_last_tsc(t->counter);
	snap->cycles = end > t->start_tsc ? end - t->start_tsc : 0;
	snap->seconds = snap->cycles / (o->clock.tsc_khz * 1e3);
	if (end > t->first_tsc)
		snap->at_s = (end - t->first_tsc) / (o->clock.tsc_khz * 1e3);
	t->start_tsc = end;
	if (next && seconds > 0 && next - end > GAP_INTERVALS * cycles)
		t->start_tsc = next;
	t->gone = !next;
	return snap;
}

static bool symbols_wanted(const struct target *t, unsigned int vm)
{
	return !t->symbol_loads[vm] ||
		(t->symbol_loads[vm] < SYMBOL_LOADS &&
		 interval_counter_unresolved(t->counter, vm));
}

static int symbols_take(struct target *t)
{
	struct process_watch *processes = &t->processes[t->symbol_vm];
	struct process_list list;
	struct symtab *symtab = symbol_loader_end(t->loader, &list);
	int err;

	t->loader = NULL;
	if (!symtab)
		return 0;
	if (!processes->open && list.init_task)
		process_watch_begin(processes, &list, 0);
	t->symbol_loads[t->symbol_vm]++;
	err = interval_counter_use_symbols(t->counter, t->symbol_vm, symtab);
	/* finding them took several times what they take */
	malloc_trim(0);
	return err;
}

int target_symbols(struct target *t, bool wait)
{
	int err = 0;

	for (; !err && t->symbol_vm < t->vms; t->symbol_vm++) {
		if (!t->loader && symbols_wanted(t, t->symbol_vm))
			t->loader = symbol_loader_start(t->machine,
							t->symbol_vm);
		if (!t->loader)
			continue;
		if (!wait && !symbol_loader_ended(t->loader))
			return 1;
		err = symbols_take(t);
	}
	t->symbol_vm = 0;
	return err;
}
