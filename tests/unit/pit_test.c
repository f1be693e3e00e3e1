/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 8254, read and programmed as Linux does: the TSC calibrations, the
 * periodic tick, the one-shot clock event.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/bus.c"
#include "vmm-core/dev/pc/pit.c"

static struct pit pit;

static u64 after_ticks(u64 ticks)
{
	return 5000 + ticks_to_tsc(ticks, PIT_HZ);
}

static u8 in(u16 port, u64 ticks)
{
	return pit_read(&pit, port, after_ticks(ticks));
}

static void out(u16 port, u8 value, u64 ticks)
{
	pit_write(&pit, port, value, after_ticks(ticks));
}

static void load(unsigned int channel, u8 mode, u16 count)
{
	out(0x43, (u8)(channel << 6 | 0x30 | mode << 1), 0);
	out((u16)(0x40 + channel), (u8)count, 0);
	out((u16)(0x40 + channel), (u8)(count >> 8), 0);
}

static u16 latched(unsigned int channel, u64 ticks)
{
	u16 low;

	out(0x43, (u8)(channel << 6), ticks);
	/* the latch holds, however late it is read */
	low = in((u16)(0x40 + channel), ticks + 77);
	return (u16)(low | in((u16)(0x40 + channel), ticks + 99) << 8);
}

/* quick_pit_calibrate(): mode 0 from 0xffff, the high byte falls by one
 * every 256 ticks, read low byte first. */
static void quick_calibration(void **state)
{
	u64 ticks;

	(void)state;
	pit_init(&pit);
	out(0x61, 0x01, 0);
	load(2, 0, 0xffff);
	for (ticks = 0; ticks < 20 * 256; ticks += 64) {
		u16 expected = (u16)(0xffff - ticks);

		assert_int_equal(in(0x42, ticks), expected & 0xff);
		assert_int_equal(in(0x42, ticks), expected >> 8);
	}
}

/* pit_calibrate_tsc(): wait for OUT of channel 2 at port 0x61. */
static void slow_calibration(void **state)
{
	(void)state;
	pit_init(&pit);
	out(0x61, 0x01, 0);
	load(2, 0, 11931);		/* 10 ms */
	assert_int_equal(in(0x61, 11930) & 0x20, 0);
	assert_int_equal(in(0x61, 11931) & 0x20, 0x20);
	assert_int_equal(in(0x61, 20000) & 0x20, 0x20);
	/* 10 ms of this TSC, to the tick of the PIT */
	assert_in_range(after_ticks(11931) - after_ticks(0), 9999000, 10000100);
}

static void gate_stops_the_count(void **state)
{
	(void)state;
	pit_init(&pit);
	load(2, 0, 1000);
	assert_int_equal(latched(2, 500), 1000);
	/* the moments below fall between ticks: one more or less is right */
	out(0x61, 0x01, 1000);
	assert_in_range(latched(2, 1300), 700, 701);
	out(0x61, 0x00, 1400);
	assert_in_range(latched(2, 9999), 600, 601);
	out(0x61, 0x01, 20000);
	assert_in_range(latched(2, 20100), 500, 502);
	assert_int_equal(in(0x61, 20000) & 3, 1);
}

static void mode_two_reloads(void **state)
{
	(void)state;
	pit_init(&pit);
	load(0, 2, 4773);		/* 250 Hz */
	assert_int_equal(latched(0, 0), 4773);
	assert_int_equal(latched(0, 4772), 1);
	assert_int_equal(latched(0, 4773), 4773);
	assert_int_equal(latched(0, 4773 * 1000ull + 5), 4768);
}

static void mode_three_counts_by_two(void **state)
{
	(void)state;
	pit_init(&pit);
	load(0, 3, 1000);
	assert_int_equal(latched(0, 1), 998);
	assert_int_equal(latched(0, 499), 2);
	assert_int_equal(latched(0, 500), 1000);
	out(0x43, 0xe2, 100);		/* status of channel 0 */
	assert_int_equal(in(0x40, 100) & 0x80, 0x80);
	out(0x43, 0xe2, 700);
	assert_int_equal(in(0x40, 700) & 0x80, 0);
}

static void readback(void **state)
{
	(void)state;
	pit_init(&pit);
	out(0x43, 0x34, 0);
	out(0x43, 0xe2, 0);		/* status only: no count was loaded */
	assert_int_equal(in(0x40, 0), 0x80 | 0x40 | 0x34);
	load(0, 2, 5000);
	out(0x43, 0xc2, 100);		/* status and count */
	assert_int_equal(in(0x40, 200), 0x80 | 0x34);
	assert_int_equal(in(0x40, 200), 4900 & 0xff);
	assert_int_equal(in(0x40, 200), 4900 >> 8);
	/* all was read: live again */
	assert_int_equal(in(0x40, 300), 4700 & 0xff);
}

static void bcd_counts_in_decimal(void **state)
{
	(void)state;
	pit_init(&pit);
	out(0x43, 0x31, 0);
	out(0x40, 0x34, 0);
	out(0x40, 0x12, 0);
	assert_int_equal(latched(0, 0), 0x1234);
	assert_int_equal(latched(0, 35), 0x1199);
	assert_int_equal(latched(0, 1235), 0x9999);
}

static void low_byte_only(void **state)
{
	(void)state;
	pit_init(&pit);
	out(0x43, 0x14, 0);		/* channel 0, low byte, mode 2 */
	out(0x40, 200, 0);
	assert_int_equal(in(0x40, 50), 150);
	assert_int_equal(in(0x40, 60), 140);
}

static void periodic_fires_once_a_period(void **state)
{
	u64 now, fired = 0;

	(void)state;
	pit_init(&pit);
	assert_true(pit_next(&pit, after_ticks(0)) == TSC_NEVER);
	load(0, 2, 4773);
	assert_false(pit_fires(&pit, after_ticks(4772)));
	for (now = pit_next(&pit, after_ticks(0)); fired < 1000; fired++) {
		assert_true(pit_fires(&pit, now));
		assert_false(pit_fires(&pit, now));
		now = pit_next(&pit, now);
	}
	/* no drift in all that time */
	assert_int_equal(now, after_ticks(4773 * 1001ull));
}

static void missed_periods_are_one_edge(void **state)
{
	(void)state;
	pit_init(&pit);
	load(0, 2, 1000);
	assert_int_equal(pit_next(&pit, after_ticks(10500)), after_ticks(10500));
	assert_true(pit_fires(&pit, after_ticks(10500)));
	assert_false(pit_fires(&pit, after_ticks(10900)));
	assert_int_equal(pit_next(&pit, after_ticks(10900)), after_ticks(11000));
}

static void one_shot_fires_once(void **state)
{
	u64 due;

	(void)state;
	pit_init(&pit);
	load(0, 0, 300);
	due = pit_next(&pit, after_ticks(10));
	assert_int_equal(due, after_ticks(300));
	assert_true(pit_fires(&pit, due));
	assert_true(pit_next(&pit, due) == TSC_NEVER);
	load(0, 4, 300);		/* Linux' one-shot clock event */
	due = pit_next(&pit, after_ticks(10));
	assert_true(pit_fires(&pit, due));
	assert_false(pit_fires(&pit, due + 1000000));
	assert_true(pit_next(&pit, due) == TSC_NEVER);
}

static void a_new_control_word_stops_it(void **state)
{
	(void)state;
	pit_init(&pit);
	load(0, 2, 1000);
	out(0x43, 0x30, 10);
	assert_true(pit_next(&pit, after_ticks(20)) == TSC_NEVER);
}

static void refresh_bit_toggles(void **state)
{
	u8 first;

	(void)state;
	pit_init(&pit);
	first = pit_read(&pit, 0x61, 0) & 0x10;
	assert_int_not_equal(pit_read(&pit, 0x61, 15100) & 0x10, first);
	assert_int_equal(pit_read(&pit, 0x61, 30200) & 0x10, first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quick_calibration),
		cmocka_unit_test(slow_calibration),
		cmocka_unit_test(gate_stops_the_count),
		cmocka_unit_test(mode_two_reloads),
		cmocka_unit_test(mode_three_counts_by_two),
		cmocka_unit_test(readback),
		cmocka_unit_test(bcd_counts_in_decimal),
		cmocka_unit_test(low_byte_only),
		cmocka_unit_test(periodic_fires_once_a_period),
		cmocka_unit_test(missed_periods_are_one_edge),
		cmocka_unit_test(one_shot_fires_once),
		cmocka_unit_test(a_new_control_word_stops_it),
		cmocka_unit_test(refresh_bit_toggles),
	};

	return cmocka_run_group_tests_name("pit", tests, NULL, NULL);
}
