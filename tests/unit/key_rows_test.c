/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intervals by chosen keys against summaries by the same: every key that
 * reports have, vmtop has, with the same values, counts and costs.
 */
#include "exit-analyzer/live/interval_counter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random.h"
#include "tests/unit/summary_view.h"

#define EVENTS 3000

static const struct origin_vm vms[] = { { .vcpus = 2 }, { .vcpus = 1 } };

static const struct origin origin = {
	.isas = ORIGIN_ISA(ISA_SVM), .clock.tsc_khz = 1000000, .cpus = 2,
	.vms = 2, .vm = vms,
};

static struct event_vmexit exit_make(uint64_t tsc)
{
	static const unsigned int reasons[] = {
		EXIT_IO, EXIT_NPF, EXIT_MSR_READ, EXIT_CPUID, EXIT_HYPERCALL,
	};
	static const uint64_t details[] = { 0x3f8, 0xfee00300, 0x1b, 7, 0x1f0 };
	uint64_t r = random_next();

	return (struct event_vmexit){
		.h = { .id = EVENT_VMEXIT, .slots = 1, .vm = r % 2,
		       .tsc = tsc },
		.vcpu = r / 2 % 2,
		.reason = reasons[r / 4 % 5],
		.detail = details[r / 32 % 5],
		.cpl_known = r / 256 % 4 | EVENT_KNOWN_ALL,
		.asid = r / 1024 % 3,
		.cr3 = (1 + r / 4096 % 5) << 12,
		.rip = 0xffffffff81000000 + r / 65536 % 20,
		.handle_cycles = 100 + r / (1 << 24) % 5000,
	};
}

/* The value of a summary's row as a snapshot has it. */
static void assert_same(const struct summary_rows *rows, size_t i,
			const struct snapshot *snap, size_t at)
{
	const struct summary_row *row = exit_row(rows, i);
	const struct snapshot_keyed *k = &snap->keyed[at];
	const char *value = k->values;

	for (size_t n = 0; n < snap->keys; n++) {
		struct key_value v = summary_value_at(rows, i, n);
		struct key_text t;
		char text[128];

		key_print(rows->context, snap->key[n], &v, &t);
		snprintf(text, sizeof(text), t.tag ? "%s [%s]" : "%s", t.text,
			 t.tag);
		assert_string_equal(value, text);
		value += strlen(value) + 1;
	}
	assert_int_equal(k->count, row->handle.count);
	assert_int_equal(k->cycles, row->handle.sum);
	assert_int_equal(k->max_cycles, row->handle.max);
}

static void compare(const enum key *keys, size_t count)
{
	struct interval_counter *c = interval_counter_new(&origin);
	struct key_context context;
	struct summary *s;
	struct summary_rows rows;
	struct snapshot *snap;

	context_make(&context, NULL);
	context.origin = &origin;
	s = summary_new(keys, count, &context);
	assert_int_equal(interval_counter_sort_by(c, keys, count), 0);
	for (unsigned int i = 0; i < EVENTS; i++) {
		struct event_vmexit e = exit_make(i + 1);

		assert_int_equal(interval_counter_add(c, &e.h, 1, i % 2), 0);
		assert_int_equal(summary_add(s, &e.h, i % 2), 0);
	}
	snap = interval_counter_end(c, INTERVAL_END_NOW);
	rows = exits_of(s);
	assert_int_equal(snap->keyeds, rows.count);
	for (size_t i = 0; i < rows.count; i++)
		assert_same(&rows, i, snap, i);
	snapshot_free(snap);
	/* the next interval has none of it */
	snap = interval_counter_end(c, INTERVAL_END_NOW);
	assert_int_equal(snap->keyeds, 0);
	snapshot_free(snap);
	summary_free(s);
	key_context_exit(&context);
	interval_counter_free(c);
}

static void every_key_is_that_of_reports(void **state)
{
	(void)state;
	for (int key = 0; key < KEYS; key++) {
		const enum key keys[] = { key };

		if (key_rows[key].records & KEY_EXITS)
			compare(keys, 1);
	}
}

static void several_keys_are_those_of_reports(void **state)
{
	static const enum key keys[] = {
		BY_DEVICE, BY_VM, BY_CPU, BY_REASON,
	};

	(void)state;
	for (size_t count = 1; count <= 4; count++)
		compare(keys, count);
}

/* A guest that makes values for ever takes no more memory; none is lost. */
static void too_many_values_are_added_up(void **state)
{
	static const enum key keys[] = { BY_DETAIL, BY_VM };
	struct interval_counter *c = interval_counter_new(&origin);
	uint64_t count = 0, cycles = 0;
	struct snapshot *snap;

	(void)state;
	assert_int_equal(interval_counter_sort_by(c, keys, 2), 0);
	for (uint64_t i = 0; i < 100000; i++) {
		struct event_vmexit e = exit_make(i + 1);

		e.detail = i << 12;
		e.handle_cycles = 1 + i % 1000;
		assert_int_equal(interval_counter_add(c, &e.h, 1, 0), 0);
		cycles += e.handle_cycles;
	}
	snap = interval_counter_end(c, INTERVAL_END_NOW);
	assert_int_equal(snap->keyeds, INTERVAL_KEYED + 1);
	assert_string_equal(snap->keyed[INTERVAL_KEYED].values, "[others]");
	for (size_t i = 0; i < snap->keyeds; i++) {
		count += snap->keyed[i].count;
		cycles -= snap->keyed[i].cycles;
	}
	assert_int_equal(count, 100000);
	assert_int_equal(cycles, 0);
	snapshot_free(snap);
	interval_counter_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_that_of_reports),
		cmocka_unit_test(several_keys_are_those_of_reports),
		cmocka_unit_test(too_many_values_are_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
