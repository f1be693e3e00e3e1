/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time of day at boot, from the machine's MC146818 clock.
 */
#include "vmm-core/cpu/wall_clock.h"

#include "vmm-core/lib/x86.h"

#define CMOS_INDEX	0x70
#define CMOS_DATA	0x71

#define CMOS_SECONDS	0
#define CMOS_MINUTES	2
#define CMOS_HOURS	4
#define CMOS_DAY	7
#define CMOS_MONTH	8
#define CMOS_YEAR	9
#define CMOS_STATUS_A	10
#define CMOS_STATUS_B	11

#define STATUS_A_UPDATING	0x80
#define STATUS_B_24_HOURS	0x02
#define STATUS_B_BINARY		0x04
#define HOURS_PM		0x80

/* an update takes 2 ms; a clock that always updates does not keep time */
#define UPDATE_LOOKS		10000
#define TRIES			5

struct wall_clock wall_clock;

struct wall_time {
	u8 second, minute, hour, day, month, year;
};

static u8 cmos_read(u8 reg)
{
	outb(CMOS_INDEX, reg);
	return inb(CMOS_DATA);
}

static struct wall_time time_read(void)
{
	for (int i = 0; i < UPDATE_LOOKS; i++)
		if (!(cmos_read(CMOS_STATUS_A) & STATUS_A_UPDATING))
			break;
	return (struct wall_time){
		.second = cmos_read(CMOS_SECONDS),
		.minute = cmos_read(CMOS_MINUTES),
		.hour = cmos_read(CMOS_HOURS),
		.day = cmos_read(CMOS_DAY),
		.month = cmos_read(CMOS_MONTH),
		.year = cmos_read(CMOS_YEAR),
	};
}

static bool time_equal(const struct wall_time *a, const struct wall_time *b)
{
	return a->second == b->second && a->minute == b->minute &&
	       a->hour == b->hour && a->day == b->day &&
	       a->month == b->month && a->year == b->year;
}

static u8 from_bcd(u8 v)
{
	return (v >> 4) * 10 + (v & 15);
}

static void time_decode(struct wall_time *t)
{
	u8 status = cmos_read(CMOS_STATUS_B);
	bool pm = !(status & STATUS_B_24_HOURS) && t->hour & HOURS_PM;

	if (!(status & STATUS_B_24_HOURS))
		t->hour &= ~HOURS_PM;
	if (!(status & STATUS_B_BINARY)) {
		t->second = from_bcd(t->second);
		t->minute = from_bcd(t->minute);
		t->hour = from_bcd(t->hour);
		t->day = from_bcd(t->day);
		t->month = from_bcd(t->month);
		t->year = from_bcd(t->year);
	}
	if (!(status & STATUS_B_24_HOURS))
		t->hour = t->hour % 12 + (pm ? 12 : 0);
}

/* Days from 1970 to a day of this century: years begin in March here. */
static u64 days_since_1970(const struct wall_time *t)
{
	u64 year = 2000 + t->year - (t->month < 3);
	u64 month = t->month < 3 ? t->month + 9u : t->month - 3u;

	/* 719469 is 1970-01-01, counted from 0000-03-01 as day 1 */
	return year * 365 + year / 4 - year / 100 + year / 400 +
	       (153 * month + 2) / 5 + t->day - 719469;
}

static u64 cmos_ns(void)
{
	struct wall_time t = time_read(), again;

	/* two equal readings: no update came between the fields */
	for (int i = 0; i < TRIES; i++) {
		again = time_read();
		if (time_equal(&t, &again))
			break;
		t = again;
	}
	time_decode(&t);
	return (((days_since_1970(&t) * 24 + t.hour) * 60 + t.minute) * 60 +
		t.second) * 1000000000ull;
}

void wall_clock_read(void)
{
	wall_clock.ns = cmos_ns();
	wall_clock.tsc = rdtsc();
}
