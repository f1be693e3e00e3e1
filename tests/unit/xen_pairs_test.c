/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/source_next.h"
#include "tracer/source/xen_pairs.h"

#define DOM1_VCPU0	0x00010000u
#define DOM1_VCPU1	0x00010001u
#define BLOCKS		(XEN_RUNSTATE | 0 << 8 | 2 << 4)
#define WAKES		(XEN_RUNSTATE | 2 << 8 | 1 << 4)
#define RUNS		(XEN_RUNSTATE | 1 << 8 | 0 << 4)

static struct made_source *to;
static struct xen_pairs *pairs;

static int begin(void **state)
{
	(void)state;
	to = made_source_new();
	pairs = to ? xen_pairs_new(to) : NULL;
	if (pairs)
		xen_pairs_isa(pairs, ISA_VMX);
	return pairs ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	xen_pairs_free(pairs);
	made_source_free(to);
	return 0;
}

static void put(unsigned int cpu, uint64_t tsc, uint32_t event,
		unsigned int words, uint32_t a, uint32_t b, uint32_t c)
{
	struct xen_record r = { .event = event, .timed = true, .tsc = tsc,
				.words = words, .word = { a, b, c } };

	assert_int_equal(xen_pairs_add(pairs, cpu, tsc, &r), 0);
}

static const void *next(void)
{
	const struct event_header *ev;
	unsigned int cpu;

	assert_int_equal(source_next(&to->s, &ev, &cpu), 1);
	return ev;
}

static void made(void)
{
	assert_int_equal(xen_pairs_end(pairs), 0);
	assert_int_equal(made_source_begin(to), 0);
}

static void descheduled_time_is_blocked(void **state)
{
	const struct event_vmexit *ev;

	(void)state;
	put(0, 10, RUNS, 1, DOM1_VCPU1, 0, 0);
	put(0, 100, XEN_EXIT | XEN_64, 3, 12, 0x81000000, 0xffffffff);
	put(0, 110, BLOCKS, 1, DOM1_VCPU1, 0, 0);
	put(0, 500, WAKES, 1, DOM1_VCPU1, 0, 0);
	/* on another CPU */
	put(1, 600, RUNS, 1, DOM1_VCPU1, 0, 0);
	put(1, 605, XEN_ENTRY, 0, 0, 0, 0);
	made();
	ev = next();
	assert_int_equal(ev->reason, EXIT_HLT);
	assert_int_equal(ev->vcpu, 1);
	assert_int_equal(ev->rip, 0xffffffff81000000ull);
	assert_int_equal(ev->blocked_cycles, 490);
	assert_int_equal(ev->handle_cycles, 15);
	assert_string_equal(to->s.origin.vm[0].name, "d1");
	assert_int_equal(to->s.origin.vm[0].vcpus, 2);
}

static void losses_are_counted_and_end_what_waits(void **state)
{
	const struct event_vmexit *ev;
	const struct event_lost *lost;

	(void)state;
	/* nobody knows yet whose this is */
	put(0, 5, XEN_EXIT, 2, 10, 0x1000, 0);
	put(0, 10, RUNS, 1, DOM1_VCPU0, 0, 0);
	put(0, 20, XEN_EXIT, 2, 10, 0x1000, 0);
	/* domain and vCPU stand the other way round here */
	put(0, 30, XEN_LOST, 4, 9, 0x00010001, 30);
	put(0, 40, XEN_ENTRY, 0, 0, 0, 0);
	put(0, 50, XEN_EXIT, 2, 10, 0x2000, 0);
	put(0, 60, XEN_ENTRY, 0, 0, 0, 0);
	made();
	lost = next();
	assert_int_equal(lost->h.id, EVENT_LOST);
	assert_int_equal(lost->missed, 1);
	ev = next();
	assert_int_equal(ev->h.tsc, 20);
	assert_int_equal(ev->cpl_known & EVENT_KNOWN_COST, 0);
	lost = next();
	assert_int_equal(lost->missed, 9);
	ev = next();
	assert_int_equal(ev->vcpu, 1);
	assert_int_equal(ev->handle_cycles, 10);
}

static void paravirtual_guests_come_by_calls_and_exceptions(void **state)
{
	const struct event_hypercall *call;
	const struct event_vmexit *ev;

	(void)state;
	put(0, 10, XEN_CONTINUE_RUNNING, 1, DOM1_VCPU0, 0, 0);
	/* which arguments stand behind it is told above its number */
	put(0, 20, XEN_PV_HYPERCALL_V2, 3, 2 << 22 | 24, 0x55, 0x1);
	put(0, 30, XEN_PV_HYPERCALL_V2, 2, 1 << 20 | 32, 0x66, 0);
	put(0, 40, XEN_PV_TRAP | XEN_64, 3, 0x81000000, 0xffffffff, 6);
	put(0, 50, XEN_PV_FPU, 0, 0, 0, 0);
	made();
	call = next();
	assert_int_equal(call->number, 24);
	assert_int_equal(call->cpl_known, 0);
	call = next();
	assert_int_equal(call->number, 32);
	assert_int_equal(call->args[0], 0);
	ev = next();
	assert_int_equal(ev->reason, EXIT_EXCEPTION);
	assert_int_equal(ev->detail, 6);
	assert_int_equal(ev->rip, 0xffffffff81000000ull);
	assert_int_equal(ev->cpl_known & EVENT_KNOWN_COST, 0);
	ev = next();
	assert_int_equal(ev->detail, 7);
	assert_int_equal(ev->cpl_known & EVENT_KNOWN_RIP, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(descheduled_time_is_blocked,
						begin, end),
		cmocka_unit_test_setup_teardown(
			losses_are_counted_and_end_what_waits, begin, end),
		cmocka_unit_test_setup_teardown(
			paravirtual_guests_come_by_calls_and_exceptions, begin,
			end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
