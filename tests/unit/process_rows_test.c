/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by process: the numbers of a summary in a trace, and of a running
 * guest the names that looks at it could give.
 */
#include "exit-analyzer/live/interval_counter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exit-analyzer/stats/summary.h"
#include "tests/random.h"
#include "tests/unit/summary_view.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define EVENTS		20000

static const struct origin_vm vms[] = { { .vcpus = 2 }, { .vcpus = 1 } };

static const struct origin origin = {
	.isas = ORIGIN_ISA(ISA_SVM), .clock.tsc_khz = 1000000, .cpus = 1,
	.vms = 2, .vm = vms,
};

/* Tables that change hands while they are in use, and come back. */
static const struct trace_process changes[] = {
	{ .from_tsc = 100, .cr3 = 0x2000, .pid = 1, .comm = "init" },
	{ .from_tsc = 4000, .cr3 = 0x4000, .pid = 7, .comm = "sh" },
	{ .from_tsc = 5000, .cr3 = 0x4000, .pid = 7, .comm = "ls" },
	{ .from_tsc = 7777, .cr3 = 0x4000, .state = TRACE_PROCESS_GONE },
	{ .from_tsc = 9000, .cr3 = 0x4000, .pid = 8, .comm = "sh" },
	{ .from_tsc = 0, .cr3 = 0x8000, .comm = "[kernel]" },
};

static struct event_vmexit exit_at(uint64_t tsc, unsigned int vm,
				   unsigned int vcpu, uint64_t cr3,
				   uint32_t cycles)
{
	return (struct event_vmexit){
		.h = { .tsc = tsc, .id = EVENT_VMEXIT, .slots = 1, .vm = vm },
		.vcpu = vcpu, .reason = EXIT_CPUID, .cr3 = cr3,
		.cpl_known = EVENT_KNOWN_ALL,
		.handle_cycles = cycles, .rip = 0x1000,
	};
}

/* A process's exits in a snapshot, all vCPUs together. */
static struct snapshot_process sum_of(const struct snapshot *snap, int vm,
				      uint32_t pid, const char *comm)
{
	struct snapshot_process sum = { .vm = vm, .pid = pid };

	for (size_t i = 0; i < snap->processes; i++) {
		const struct snapshot_process *p = &snap->process[i];

		if (p->vm != vm || p->pid != pid || strcmp(p->comm, comm))
			continue;
		sum.count += p->count;
		sum.cycles += p->cycles;
	}
	return sum;
}

static void a_trace_gives_the_rows_of_a_summary(void **state)
{
	static const enum key keys[] = { BY_VM, BY_PROCESS };
	struct key_context c;
	struct guest guests[ANCHOR_VMS_MAX] = { 0 };
	struct interval_counter *s = interval_counter_new(&origin);
	struct summary *by;
	struct summary_rows rows;
	struct snapshot *snap;

	(void)state;
	for (unsigned int vm = 0; vm < 2; vm++) {
		guest_use_processes(&guests[vm], process_map_new(
			changes, ARRAY_SIZE(changes)));
		interval_counter_use_processes(s, vm, process_map_new(
			changes, ARRAY_SIZE(changes)));
	}
	context_make(&c, guests);
	by = summary_new(keys, 2, &c);
	for (int i = 0; i < EVENTS; i++) {
		unsigned int vm = random_next() % 2;
		struct event_vmexit e = exit_at(
			i, vm, vm ? 0 : random_next() % 2,
			/* mostly the same for a while, as it is */
			(1 + i / 70 % 5) * 0x2000 + random_next() % 2 * 0x801,
			random_next() % 5000);

		assert_int_equal(interval_counter_advance(s, e.h.tsc), 0);
		assert_int_equal(interval_counter_add(s, &e.h, 1, 0), 0);
		assert_int_equal(summary_add(by, &e.h, 0), 0);
	}
	snap = interval_counter_end(s, INTERVAL_END_NOW);
	rows = exits_of(by);
	assert_int_equal(rows.count, 2 * 6);
	for (size_t i = 0; i < rows.count; i++) {
		struct key_value v = summary_value_at(&rows, i, 1);
		const struct process_name *name =
			key_context_process_at(&c, &v);
		struct snapshot_process p = sum_of(snap, number_at(&rows, i, 0),
			name ? name->pid : 0, text_at(&rows, i, 1));

		assert_int_equal(p.count, exit_row(&rows, i)->handle.count);
		assert_int_equal(p.cycles, exit_row(&rows, i)->handle.sum);
	}
	/* and nothing is left for the next interval */
	snapshot_free(snap);
	snap = interval_counter_end(s, INTERVAL_END_NOW);
	assert_int_equal(snap->processes, 0);
	snapshot_free(snap);
	interval_counter_free(s);
	summary_free(by);
	key_context_exit(&c);
	guest_exit(&guests[0]);
	guest_exit(&guests[1]);
}

/* Adds one exit of so many cycles. */
static void add(struct interval_counter *s, uint64_t cr3, uint32_t cycles)
{
	struct event_vmexit e = exit_at(1, 0, 0, cr3, cycles);

	assert_int_equal(interval_counter_add(s, &e.h, 1, 0), 0);
}

static void look(struct interval_counter *s, uint32_t pid, const char *comm)
{
	struct guest_process p[] = {
		{ .cr3 = 0x2000, .pid = 1, .comm = "init" },
		{ .cr3 = 0x4000, .pid = pid },
	};

	memcpy(p[1].comm, comm, strlen(comm));
	assert_int_equal(interval_counter_see_processes(s, 0, p, pid ? 2 : 1),
			 0);
}

static void check_and_free(struct snapshot *snap, uint32_t pid,
			   const char *comm, uint64_t cycles)
{
	assert_int_equal(sum_of(snap, 0, pid, comm).cycles, cycles);
	snapshot_free(snap);
}

static void a_guest_s_processes_are_named_by_looks(void **state)
{
	struct interval_counter *s = interval_counter_new(&origin);
	struct snapshot *snap;

	(void)state;
	/* nothing is known before the first look: no rows */
	add(s, 0x4000, 10);
	snap = interval_counter_end(s, INTERVAL_END_NOW);
	assert_int_equal(snap->processes, 0);
	snapshot_free(snap);
	/* who came in the interval has all its exits */
	add(s, 0x4000, 20);
	add(s, 0x2000, 1);
	add(s, 0x4000, 30);
	look(s, 7, "sh");
	snap = interval_counter_end(s, INTERVAL_END_NOW);
	assert_int_equal(snap->processes, 2);
	assert_int_equal(sum_of(snap, 0, 7, "sh").count, 2);
	check_and_free(snap, 7, "sh", 50);
	/* a run goes on over the interval's end; and who went was known */
	add(s, 0x4000, 40);
	look(s, 0, "");
	check_and_free(interval_counter_end(s, INTERVAL_END_NOW), 7, "sh", 40);
	add(s, 0x4000, 50);
	look(s, 0, "");
	check_and_free(interval_counter_end(s, INTERVAL_END_NOW), 0,
		       "[unknown]", 50);
	interval_counter_free(s);
}

static void many_page_tables_are_added_up(void **state)
{
	struct interval_counter *s = interval_counter_new(&origin);
	uint64_t count = 0, cycles = 0;
	struct snapshot *snap;

	(void)state;
	for (uint64_t i = 1; i <= EVENTS; i++)
		add(s, i << 13, 3);
	look(s, 7, "sh");
	snap = interval_counter_end(s, INTERVAL_END_NOW);
	assert_true(snap->processes <= INTERVAL_PROCESSES + 1);
	for (size_t i = 0; i < snap->processes; i++) {
		count += snap->process[i].count;
		cycles += snap->process[i].cycles;
	}
	assert_int_equal(count, EVENTS);
	assert_int_equal(cycles, 3 * EVENTS);
	assert_true(sum_of(snap, 0, 0, "[others]").count > 0);
	assert_int_equal(sum_of(snap, 0, 7, "sh").count, 1);
	snapshot_free(snap);
	interval_counter_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trace_gives_the_rows_of_a_summary),
		cmocka_unit_test(a_guest_s_processes_are_named_by_looks),
		cmocka_unit_test(many_page_tables_are_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
