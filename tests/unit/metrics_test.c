/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intervals added up: nothing is lost, nothing gets smaller, and what guests
 * and machines choose cannot make it grow beyond its bounds.
 */
#include "vmtop/serve/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct metrics m;

static int setup(void **state)
{
	(void)state;
	memset(&m, 0, sizeof(m));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	metrics_clear(&m);
	return 0;
}

static void add(const char *name, unsigned long serial, bool gone,
		const struct snapshot *snap)
{
	assert_int_equal(metrics_add(&m, name, serial, gone, snap), 0);
}

static void end_at(double at_s)
{
	metrics_interval(&m, &(struct watch_status){ .at_s = at_s }, 1);
}

static void counters_add_up(void **state)
{
	struct snapshot_vcpu vcpu[] = {
		{ .vm = 0, .vcpu = 0, .running = 1 },
		{ .vm = 0, .vcpu = 1, .running = -1 },
	};
	struct snapshot_exit row[] = {
		{ .vm = 0, .vcpu = 1, .reason = EXIT_HLT, .blocked_cycles = 70,
		  .handle = { .count = 3, .cycles = 30, .total = 99 } },
		{ .vm = 0, .vcpu = SNAPSHOT_ALL, .reason = EXIT_HLT,
		  .handle = { .count = 3, .cycles = 30 }, .within = { 1, 2 } },
		{ .vm = SNAPSHOT_ALL, .vcpu = SNAPSHOT_ALL, .reason = EXIT_HLT,
		  .handle = { .count = 3, .cycles = 30 } },
	};
	struct snapshot snap = {
		.tsc_khz = 1000, .vms = 1, .vm[0] = { .name = "one" },
		.vcpu = vcpu, .vcpus = 2, .exit = row, .exits = 3,
		.read = 5, .missed = 2,
	};
	const struct metrics_vm *vm;

	(void)state;
	for (unsigned int i = 1; i <= 3; i++) {
		add("m0", 1, false, &snap);
		end_at(i);
		assert_int_equal(m.machines, 1);
		assert_int_equal(m.machine[0]->read, 5 * i);
		assert_int_equal(m.machine[0]->missed, 2 * i);
		vm = &m.machine[0]->vm[0];
		assert_int_equal(vm->vcpu[0]->running, 1);
		assert_int_equal(vm->vcpu[1]->running, -1);
		assert_int_equal(vm->vcpu[1]->exits[EXIT_HLT], 3 * i);
		assert_int_equal(vm->vcpu[1]->handle_cycles, 30 * i);
		assert_int_equal(vm->vcpu[1]->blocked_cycles[EXIT_HLT], 70 * i);
		assert_int_equal(vm->reason[EXIT_HLT]->count, 3 * i);
		assert_int_equal(vm->reason[EXIT_HLT]->cycles, 30 * i);
		assert_int_equal(vm->reason[EXIT_HLT]->within[0], i);
		assert_int_equal(vm->reason[EXIT_HLT]->within[1], 2 * i);
	}
	assert_int_equal(m.intervals, 3);
	/* a machine whose interval could not be made is not a new one */
	add("m0", 1, false, NULL);
	assert_int_equal(m.machine[0]->read, 15);
}

/* Its last records count; then it may be seen for a while; then it is gone. */
static void gone_machines_fade(void **state)
{
	struct snapshot snap = { .tsc_khz = 1000, .read = 7 };
	struct snapshot none = { .tsc_khz = 1000 };

	(void)state;
	add("m0", 1, false, &snap);
	end_at(1);
	assert_false(m.machine[0]->gone);
	add("m0", 1, true, &snap);
	end_at(2);
	assert_true(m.machine[0]->gone);
	assert_int_equal(m.machine[0]->read, 14);
	add("m0", 1, true, &none);
	end_at(2 + METRICS_GONE_S - 1);
	assert_int_equal(m.machines, 1);
	add("m0", 1, true, &none);
	end_at(2 + METRICS_GONE_S);
	assert_int_equal(m.machines, 0);
	/* still among the targets, but nobody's any more */
	add("m0", 1, true, &none);
	end_at(3 + METRICS_GONE_S);
	assert_int_equal(m.machines, 0);
	/* came and went within one interval: what it did is counted */
	add("m1", 2, true, &snap);
	end_at(4 + METRICS_GONE_S);
	assert_int_equal(m.machines, 1);
	assert_true(m.machine[0]->gone);
	assert_int_equal(m.machine[0]->read, 7);
}

static void forgotten_targets_are_gone(void **state)
{
	struct snapshot snap = { .tsc_khz = 1000, .read = 7 };

	(void)state;
	add("m0", 1, false, &snap);
	add("m1", 2, false, &snap);
	end_at(1);
	add("m1", 2, false, &snap);
	end_at(2);
	assert_true(m.machine[0]->gone);
	assert_false(m.machine[1]->gone);
}

static void the_next_of_a_name_begins_at_0(void **state)
{
	struct snapshot snap = { .tsc_khz = 1000, .read = 7 };

	(void)state;
	add("m0", 1, false, &snap);
	end_at(1);
	add("m0", 1, true, &snap);
	end_at(2);
	snap.tsc_khz = 2000;
	snap.read = 3;
	add("m0", 2, false, &snap);
	end_at(3);
	assert_int_equal(m.machines, 1);
	assert_int_equal(m.machine[0]->read, 3);
	assert_int_equal(m.machine[0]->tsc_khz, 2000);
	assert_false(m.machine[0]->gone);
}

static void machines_that_went_are_bounded(void **state)
{
	struct snapshot snap = { .tsc_khz = 1000, .read = 1 };
	unsigned int n;

	(void)state;
	for (n = 0; n < 3 * METRICS_GONE; n++) {
		char name[16];

		snprintf(name, sizeof(name), "m%u", n);
		add(name, n, false, &snap);
		end_at(n * 0.1);
		/* beside them the one that runs, and the one that just went */
		assert_true(m.machines <= METRICS_GONE + 2);
	}
	/* those that went last are kept */
	for (size_t i = 0; i < m.machines; i++)
		assert_true(m.machine[i]->serial >= n - METRICS_GONE - 2);
}

static void all_that_run_are_kept(void **state)
{
	struct snapshot snap = { .tsc_khz = 1000, .read = 1 };

	(void)state;
	for (unsigned int at = 0; at < 2; at++) {
		for (unsigned int n = 0; n < 3 * METRICS_GONE; n++) {
			char name[16];

			snprintf(name, sizeof(name), "m%u", n);
			add(name, n, false, &snap);
		}
		end_at(at);
		assert_int_equal(m.machines, 3 * METRICS_GONE);
	}
}

static void vm_names_are_unique(void **state)
{
	static const char *const names[ANCHOR_VMS_MAX] = {
		"web", "web", "", "vm1", "a\nb", "a\rb", "x\"y\\z", "vm7",
	};
	struct snapshot snap = { .tsc_khz = 1000, .vms = ANCHOR_VMS_MAX };
	const struct metrics_vm *vm;

	(void)state;
	for (unsigned int i = 0; i < ANCHOR_VMS_MAX; i++)
		snprintf(snap.vm[i].name, sizeof(snap.vm[i].name), "%s",
			 names[i]);
	add("m0", 1, false, &snap);
	vm = m.machine[0]->vm;
	for (unsigned int i = 0; i < METRICS_VM_SLOTS; i++)
		for (unsigned int k = 0; k < i; k++)
			assert_string_not_equal(vm[i].name, vm[k].name);
	assert_string_equal(vm[0].name, "vm0");
	assert_string_equal(vm[2].name, "vm2");
	assert_string_equal(vm[6].name, "x\"y\\z");
	assert_string_equal(vm[7].name, "vm7");
	assert_string_equal(vm[SNAPSHOT_NO_VM].name, "");
}

/* More ASIDs, causes and numbers than anybody wants; the sums stay exact. */
static void rows_are_bounded(void **state)
{
	enum { ROWS = 5000 };
	static struct snapshot_tlb tlb[ROWS];
	static struct snapshot_hypercall call[ROWS];
	struct snapshot snap = {
		.tsc_khz = 1000, .tlb = tlb, .tlbs = ROWS,
		.hypercall = call, .hypercalls = ROWS,
	};
	uint64_t flushes = 0, calls = 0, cycles = 0;
	const struct metrics_vm *vm;

	(void)state;
	for (unsigned int i = 0; i < ROWS; i++) {
		tlb[i] = (struct snapshot_tlb){
			.asid = i * 7, .cause = i, .count = i % 3 };
		call[i] = (struct snapshot_hypercall){
			.number = ~0ull - i, .cost = { .count = 2, .cycles = i } };
	}
	for (unsigned int times = 1; times <= 2; times++) {
		add("m0", 1, false, &snap);
		vm = &m.machine[0]->vm[0];
		assert_in_range(vm->flushes, METRICS_FLUSHES + 1,
				METRICS_FLUSHES + TLB_CAUSES + 1);
		assert_int_equal(vm->calls, METRICS_CALLS + 1);
	}
	for (size_t i = 0; i < vm->flushes; i++) {
		flushes += vm->flush[i].count;
		assert_true(vm->flush[i].cause <= TLB_CAUSES);
		for (size_t k = 0; k < i; k++)
			assert_false(vm->flush[i].others == vm->flush[k].others &&
				     vm->flush[i].asid == vm->flush[k].asid &&
				     vm->flush[i].cause == vm->flush[k].cause);
	}
	for (size_t i = 0; i < vm->calls; i++) {
		calls += vm->call[i].count;
		cycles += vm->call[i].cycles;
	}
	assert_int_equal(flushes, 2 * (ROWS / 3 * 3 + 1));
	assert_int_equal(calls, 2 * 2 * ROWS);
	assert_int_equal(cycles, 2ull * ROWS * (ROWS - 1) / 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counters_add_up),
		TEST(gone_machines_fade),
		TEST(forgotten_targets_are_gone),
		TEST(the_next_of_a_name_begins_at_0),
		TEST(machines_that_went_are_bounded),
		TEST(all_that_run_are_kept),
		TEST(vm_names_are_unique),
		TEST(rows_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
