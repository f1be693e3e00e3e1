/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real-time clock: calendar, encodings, setting it, and its interrupts.
 */
#include "tests/unit/core_vm.h"

#include <time.h>

#include "vmm-core/dev/bus.c"
#include "vmm-core/dev/pc/rtc.c"
#include "vmm-core/dev/pc/rtc_time.c"

#define SECOND		NS_PER_SECOND
/* 2024-02-29 23:59:58 UTC, a Thursday */
#define LEAP_DAY	1709251198ull
#define START_TSC	777ull

static struct rtc rtc;

static void start(u64 seconds)
{
	test_vm_init(1);
	rtc_init(&rtc, START_TSC, seconds * SECOND);
}

static u64 at(u64 ns)
{
	return START_TSC + ns;
}

static u8 in(u8 reg, u64 ns)
{
	rtc_write(&rtc, 0x70, reg, at(ns));
	return rtc_read(&rtc, 0x71, at(ns));
}

static void out(u8 reg, u8 value, u64 ns)
{
	rtc_write(&rtc, 0x70, reg, at(ns));
	rtc_write(&rtc, 0x71, value, at(ns));
}

static void calendar_agrees_with_libc(void **state)
{
	u64 seconds;

	(void)state;
	/* a prime step of about 11 days, through 400 years */
	for (seconds = 0; seconds < 12622780800ull; seconds += 999983) {
		time_t t = (time_t)seconds;
		struct rtc_time ours;
		struct tm libc;

		assert_non_null(gmtime_r(&t, &libc));
		rtc_time_from_seconds(&ours, seconds);
		assert_int_equal(ours.year, libc.tm_year + 1900);
		assert_int_equal(ours.month, libc.tm_mon + 1);
		assert_int_equal(ours.day, libc.tm_mday);
		assert_int_equal(ours.weekday, libc.tm_wday + 1);
		assert_int_equal(ours.hour, libc.tm_hour);
		assert_int_equal(ours.minute, libc.tm_min);
		assert_int_equal(ours.second, libc.tm_sec);
		assert_int_equal(rtc_time_to_seconds(&ours), seconds);
	}
}

static void reads_bcd_and_turns_over(void **state)
{
	(void)state;
	start(LEAP_DAY);
	assert_int_equal(in(RTC_SECONDS, 0), 0x58);
	assert_int_equal(in(RTC_MINUTES, 0), 0x59);
	assert_int_equal(in(RTC_HOURS, 0), 0x23);
	assert_int_equal(in(RTC_DAY, 0), 0x29);
	assert_int_equal(in(RTC_MONTH, 0), 0x02);
	assert_int_equal(in(RTC_YEAR, 0), 0x24);
	assert_int_equal(in(RTC_CENTURY, 0), 0x20);
	assert_int_equal(in(RTC_WEEKDAY, 0), 5);
	assert_int_equal(in(RTC_SECONDS, 2 * SECOND), 0x00);
	assert_int_equal(in(RTC_DAY, 2 * SECOND), 0x01);
	assert_int_equal(in(RTC_MONTH, 2 * SECOND), 0x03);
}

static void binary_and_twelve_hours(void **state)
{
	(void)state;
	start(LEAP_DAY);
	out(RTC_B, B_BINARY | B_24H, 0);
	assert_int_equal(in(RTC_SECONDS, 0), 58);
	assert_int_equal(in(RTC_HOURS, 0), 23);
	out(RTC_B, 0, 0);
	assert_int_equal(in(RTC_HOURS, 0), 0x80 | 0x11);
	assert_int_equal(in(RTC_HOURS, 2 * SECOND), 0x12);
	assert_int_equal(in(RTC_HOURS, 13 * 3600 * SECOND), 0x80 | 0x12);
	assert_int_equal(in(RTC_HOURS, 14 * 3600 * SECOND), 0x80 | 0x01);
}

static void update_in_progress(void **state)
{
	(void)state;
	start(LEAP_DAY);
	assert_int_equal(in(RTC_A, 0) & A_UIP, 0);
	assert_int_equal(in(RTC_A, SECOND - 244000), 0x26 | A_UIP);
	assert_int_equal(in(RTC_A, SECOND - 244001) & A_UIP, 0);
	assert_int_equal(in(RTC_A, SECOND) & A_UIP, 0);
}

/* As Linux sets it: B.SET, registers, B.SET off. */
static void setting_the_clock(void **state)
{
	u64 then = 100 * SECOND + 12345;

	(void)state;
	start(LEAP_DAY);
	out(RTC_B, B_24H | B_SET, then);
	out(RTC_YEAR, 0x99, then);
	out(RTC_CENTURY, 0x19, then);
	out(RTC_MONTH, 0x12, then);
	out(RTC_DAY, 0x31, then);
	out(RTC_HOURS, 0x23, then);
	out(RTC_MINUTES, 0x59, then);
	out(RTC_SECONDS, 0x59, then);
	assert_int_equal(in(RTC_SECONDS, then + 5 * SECOND), 0x59);
	assert_int_equal(in(RTC_A, then + SECOND - 20000) & A_UIP, 0);
	out(RTC_B, B_24H, then + 5 * SECOND);
	assert_int_equal(in(RTC_YEAR, then + 5 * SECOND), 0x99);
	/* one second later it is the year 2000 */
	assert_int_equal(in(RTC_CENTURY, then + 6 * SECOND), 0x20);
	assert_int_equal(in(RTC_YEAR, then + 6 * SECOND), 0x00);
	assert_int_equal(in(RTC_SECONDS, then + 6 * SECOND), 0x00);
}

static void memory_keeps_bytes(void **state)
{
	(void)state;
	start(LEAP_DAY);
	out(0x40, 0xa5, 0);
	out(0x7f, 0x5a, 0);
	assert_int_equal(in(0x40, 0), 0xa5);
	assert_int_equal(in(0xff, 0), 0x5a);	/* bit 7 is the NMI mask */
	assert_int_equal(in(RTC_D, 0), 0x80);
}

static void periodic_interrupt(void **state)
{
	u64 due, previous = 0;
	unsigned int i;

	(void)state;
	start(LEAP_DAY);
	assert_true(rtc_next(&rtc) == TSC_NEVER);
	out(RTC_A, 0x20 | 6, 0);		/* 1024 Hz */
	out(RTC_B, B_24H | RTC_PF, 0);
	in(RTC_C, 0);
	for (i = 0; i < 10; i++) {
		due = rtc_next(&rtc);
		if (previous)
			assert_in_range(due - previous, 976561, 976564);
		rtc_sync(&rtc, due);
		assert_true(rtc_irq(&rtc));
		/* asserted: no timer until the guest has looked */
		assert_true(rtc_next(&rtc) == TSC_NEVER);
		assert_int_equal(in(RTC_C, due - START_TSC),
				 C_IRQF | RTC_PF);
		assert_false(rtc_irq(&rtc));
		previous = due;
	}
}

static void alarm_interrupt(void **state)
{
	u64 due;

	(void)state;
	start(LEAP_DAY);
	out(RTC_HOURS_ALARM, 0x07, 0);
	out(RTC_MINUTES_ALARM, 0x30, 0);
	out(RTC_SECONDS_ALARM, 0x15, 0);
	out(RTC_B, B_24H | RTC_AF, 0);
	due = rtc_next(&rtc);
	assert_int_equal(due, at((2 + 7 * 3600 + 30 * 60 + 15) * SECOND));
	rtc_sync(&rtc, due - 1);
	assert_false(rtc_irq(&rtc));
	rtc_sync(&rtc, due);
	assert_true(rtc_irq(&rtc));
	/* the flags of what is not enabled are set all the same */
	assert_int_equal(in(RTC_C, due - START_TSC),
			 C_IRQF | RTC_PF | RTC_AF | RTC_UF);
	/* and the same time tomorrow */
	assert_int_equal(rtc_next(&rtc), due + 86400 * SECOND);
}

static void alarm_that_cannot_be(void **state)
{
	(void)state;
	start(LEAP_DAY);
	out(RTC_SECONDS_ALARM, 0x75, 0);
	out(RTC_B, B_24H | RTC_AF, 0);
	assert_true(rtc_next(&rtc) == TSC_NEVER);
	out(RTC_HOURS_ALARM, 0xff, 0);
	out(RTC_MINUTES_ALARM, 0xc0, 0);
	out(RTC_SECONDS_ALARM, 0x30, 0);
	assert_int_equal(rtc_next(&rtc), at(32 * SECOND));
}

static void update_interrupt(void **state)
{
	(void)state;
	start(LEAP_DAY);
	out(RTC_B, B_24H | RTC_UF, SECOND / 2);
	assert_int_equal(rtc_next(&rtc), at(SECOND));
	rtc_sync(&rtc, at(SECOND));
	assert_true(rtc_irq(&rtc));
	assert_int_equal(in(RTC_C, SECOND) & RTC_UF, RTC_UF);
	assert_int_equal(rtc_next(&rtc), at(2 * SECOND));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calendar_agrees_with_libc),
		cmocka_unit_test(reads_bcd_and_turns_over),
		cmocka_unit_test(binary_and_twelve_hours),
		cmocka_unit_test(update_in_progress),
		cmocka_unit_test(setting_the_clock),
		cmocka_unit_test(memory_keeps_bytes),
		cmocka_unit_test(periodic_interrupt),
		cmocka_unit_test(alarm_interrupt),
		cmocka_unit_test(alarm_that_cannot_be),
		cmocka_unit_test(update_interrupt),
	};

	return cmocka_run_group_tests_name("rtc", tests, NULL, NULL);
}
