/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's work as vmtop counts it: which exits, whose, and how many.
 */
#include "exit-analyzer/live/device_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct anchor_extent ram[] = {
	{ .bytes = 1 << 20 }, { .gpa = 1ull << 32, .bytes = 1 << 20 },
};

static const struct origin_vm vms[] = {
	{ .extents = 2, .extent = ram }, { .extents = 0 },
};

static const struct origin origin = { .vms = 2, .vm = vms };

static struct key_context context;
static struct device_rows devices;
static struct snapshot snap;

static int setup(void **state)
{
	(void)state;
	context.origin = &origin;
	return device_rows_init(&devices, &context);
}

static int teardown(void **state)
{
	(void)state;
	free(snap.device);
	memset(&snap, 0, sizeof(snap));
	device_rows_exit(&devices);
	return 0;
}

static void add(unsigned int vm, unsigned int reason, uint64_t detail,
		uint32_t cycles)
{
	struct event_vmexit exit = {
		.h = { .id = EVENT_VMEXIT, .slots = 1, .vm = vm },
		.reason = reason,
		.cpl_known = EVENT_KNOWN_ALL,
		.detail = detail,
		.handle_cycles = cycles,
	};

	if (device_rows_want(exit.reason))
		assert_int_equal(device_rows_add(&devices, vm, &exit), 0);
}

static void end(void)
{
	free(snap.device);
	memset(&snap, 0, sizeof(snap));
	assert_int_equal(device_rows_collect(&devices, &snap), 0);
}

static const struct snapshot_device *row(int vm, const char *name)
{
	for (size_t i = 0; i < snap.devices; i++) {
		char text[64];

		snapshot_device_print(&snap.device[i], text, sizeof(text));
		if (snap.device[i].vm == vm && !strcmp(text, name))
			return &snap.device[i];
	}
	return NULL;
}

static void test_ports(void **state)
{
	const struct snapshot_device *d;

	(void)state;
	add(0, EXIT_IO, 0x3f8 | 1 << 16 | EVENT_DETAIL_WRITE, 100);
	add(0, EXIT_IO, 0x3fd | 1 << 16, 50);
	add(1, EXIT_IO, 0x3f8 | 4 << 16 | EVENT_DETAIL_WRITE, 7);
	add(0, EXIT_IO, 0x92 | 2 << 16, 3);
	end();
	assert_int_equal(snap.devices, 3);
	d = row(0, "serial");
	assert_int_equal(d->reads, 1);
	assert_int_equal(d->writes, 1);
	assert_int_equal(d->bytes, 2);
	assert_true(d->directed && d->sized);
	assert_int_equal(d->cost.cycles, 150);
	assert_int_equal(d->cost.p50, 50);
	assert_int_equal(d->cost.max, 100);
	assert_int_equal(row(1, "serial")->bytes, 4);
	assert_int_equal(row(0, "port 0x92")->bytes, 2);
}

static void test_rep_has_no_size(void **state)
{
	(void)state;
	add(0, EXIT_IO, 0x3f8 | 1 << 16 | EVENT_DETAIL_STRING, 1);
	end();
	assert_true(row(0, "serial")->sized);
	add(0, EXIT_IO, 0x3f8 | 1 << 16, 1);
	add(0, EXIT_IO, 0x3f8 | 1 << 16 | EVENT_DETAIL_STRING |
	    EVENT_DETAIL_REP, 1);
	end();
	assert_false(row(0, "serial")->sized);
	assert_true(row(0, "serial")->directed);
	end();
	assert_true(row(0, "serial")->sized);
}

static void test_pages_but_no_memory(void **state)
{
	const struct snapshot_device *d;

	(void)state;
	add(0, EXIT_NPF, 0xfee000b0, 10);
	add(0, EXIT_NPF, 0xfecfffff, 10);
	add(0, EXIT_NPF, 0xfff, 10);
	add(0, EXIT_NPF, (1 << 20) - 1, 10);
	add(0, EXIT_NPF, 1ull << 32, 10);
	add(0, EXIT_NPF, 1 << 20, 10);
	add(1, EXIT_NPF, 0x123, 10);
	add(SNAPSHOT_NO_VM, EXIT_NPF, 0x123, 10);
	end();
	assert_int_equal(snap.devices, 5);
	d = row(0, "local-apic");
	assert_false(d->directed || d->sized);
	assert_int_equal(d->cost.count, 1);
	assert_non_null(row(0, "page 0xfecff000"));
	assert_non_null(row(0, "page 0x100000"));
	assert_non_null(row(1, "page 0x0"));
	assert_non_null(row(SNAPSHOT_NO_VM, "page 0x0"));
}

static void test_registers_of_the_apic(void **state)
{
	(void)state;
	add(0, EXIT_MSR_WRITE, 0x6e0, 10);
	add(0, EXIT_MSR_WRITE, 0x80b, 10);
	add(0, EXIT_MSR_READ, 0x1b, 10);
	add(0, EXIT_MSR_READ, 0xc0000080, 10);
	add(0, EXIT_MSR_READ, 0x900, 10);
	end();
	assert_int_equal(snap.devices, 1);
	assert_int_equal(row(0, "local-apic")->reads, 1);
	assert_int_equal(row(0, "local-apic")->writes, 2);
	assert_false(row(0, "local-apic")->sized);
}

static void test_nothing_else(void **state)
{
	(void)state;
	for (unsigned int r = 0; r < EXIT_REASONS; r++)
		if (r != EXIT_IO && r != EXIT_MSR_READ && r != EXIT_MSR_WRITE &&
		    r != EXIT_NPF)
			add(0, r, 0x3f8, 1);
	end();
	assert_int_equal(snap.devices, 0);
}

/* A guest that touches everything takes no more memory, and all is counted. */
static void test_more_than_there_are_rows_for(void **state)
{
	uint64_t count = 0;

	(void)state;
	for (uint64_t page = 0; page < 1000; page++)
		add(1, EXIT_NPF, page << 12, 10);
	add(1, EXIT_NPF, 0, 10);
	add(0, EXIT_IO, 0x3f8, 10);
	end();
	assert_int_equal(snap.devices, DEVICE_ROWS_ADDRESSES + 2);
	assert_int_equal(row(1, "page 0x0")->cost.count, 2);
	assert_int_equal(row(SNAPSHOT_NO_VM, "[others]")->cost.count,
			 1000 - DEVICE_ROWS_ADDRESSES);
	for (size_t i = 0; i < snap.devices; i++)
		count += snap.device[i].cost.count;
	assert_int_equal(count, 1002);
}

static void test_intervals_and_totals(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 1000; i++)
		add(0, EXIT_IO, 0x3f8 | 1 << 16, i);
	end();
	assert_int_equal(row(0, "serial")->cost.count, 1000);
	assert_int_equal(row(0, "serial")->cost.p95, 949);
	end();
	assert_int_equal(row(0, "serial")->cost.count, 0);
	assert_int_equal(row(0, "serial")->bytes, 0);
	assert_int_equal(row(0, "serial")->cost.total, 1000);
	device_rows_reset(&devices);
	end();
	assert_int_equal(snap.devices, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		TEST(test_ports),
		TEST(test_rep_has_no_size),
		TEST(test_pages_but_no_memory),
		TEST(test_registers_of_the_apic),
		TEST(test_nothing_else),
		TEST(test_more_than_there_are_rows_for),
		TEST(test_intervals_and_totals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
