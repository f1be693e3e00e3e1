/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records held against counters: what agrees, what does not, and how much
 * slack a machine has that was stopped from outside.
 */
#include "vmprof/tally.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* tally.c says here what does not agree */
static unsigned int errors;

void cmd_error(const char *fmt, ...)
{
	(void)fmt;
	errors++;
}

static struct tally tally_of(unsigned int exits, unsigned int flushes,
			     unsigned int hypercalls)
{
	const unsigned int count[] = { [EVENT_VMEXIT] = exits,
				       [EVENT_TLB_FLUSH] = flushes,
				       [EVENT_HYPERCALL] = hypercalls,
				       [EVENT_VM_STATE] = 1,
				       [EVENT_LOST] = 2 };
	struct event_header ev = { .tsc = 1000 };
	struct tally t = { 0 };

	for (ev.id = EVENT_VMEXIT; ev.id <= EVENT_LOST; ev.id++)
		for (unsigned int i = 0; i < count[ev.id]; i++) {
			ev.tsc += 10;
			tally_add(&t, &ev);
		}
	return t;
}

static void test_counts(void **state)
{
	struct tally t = tally_of(5, 3, 2);

	(void)state;
	assert_int_equal(t.exits, 5);
	assert_int_equal(t.tlb_flushes, 3);
	assert_int_equal(t.hypercalls, 2);
	assert_int_equal(t.vm_states, 1);
	assert_int_equal(t.first_tsc, 1010);
	/* losses do not count as events, and their time is another's */
	assert_int_equal(t.last_tsc, 1110);
}

/* errors_expected: one a kind that differs. */
static void agrees(struct tally_counters c, bool settled,
		   unsigned int errors_expected)
{
	const struct source_cpu_counts total = { .written = 11, .read = 11 };
	struct tally t = tally_of(5, 3, 2);

	c.vcpus = 1;
	errors = 0;
	assert_int_equal(tally_agrees(&t, &c, &total, settled),
			 !errors_expected);
	assert_int_equal(errors, errors_expected);
}

static void test_agreement(void **state)
{
	(void)state;
	agrees((struct tally_counters){ 5, 3, 2, 0, 0 }, true, 0);
	agrees((struct tally_counters){ 6, 3, 2, 0, 0 }, true, 1);
	agrees((struct tally_counters){ 4, 3, 2, 0, 0 }, true, 1);
	agrees((struct tally_counters){ 5, 4, 1, 0, 0 }, true, 2);
	agrees((struct tally_counters){ 0, 0, 0, 0, 0 }, true, 3);
}

static void test_slack(void **state)
{
	(void)state;
	agrees((struct tally_counters){ 6, 3, 2, 0, 0 }, false, 0);
	agrees((struct tally_counters){ 7, 3, 2, 0, 0 }, false, 1);
}

static void test_missed(void **state)
{
	struct source_cpu_counts total = { .written = 1001, .read = 11,
					   .missed = 990 };
	const struct tally_counters c = { 900, 80, 20, 1, 0 };
	struct tally t = tally_of(5, 3, 2);

	(void)state;
	errors = 0;
	assert_true(tally_agrees(&t, &c, &total, true));
	total.written += 100;
	total.missed += 100;
	assert_false(tally_agrees(&t, &c, &total, true));
	assert_int_equal(errors, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_slack),
		cmocka_unit_test(test_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
