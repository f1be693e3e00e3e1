/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The MC146818. Time and flags are computed when they are asked for; only
 * an enabled interrupt ever needs a timer.
 */
#include "vmm-core/dev/pc/rtc.h"

#include "vmm-core/dev/clock.h"
#include "vmm-core/dev/irq/isa_lines.h"
#include "vmm-core/dev/pc/rtc_time.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86.h"

#define INDEX_PORT	0x70

enum rtc_register {
	RTC_SECONDS, RTC_SECONDS_ALARM,
	RTC_MINUTES, RTC_MINUTES_ALARM,
	RTC_HOURS, RTC_HOURS_ALARM,
	RTC_WEEKDAY, RTC_DAY, RTC_MONTH, RTC_YEAR,
	RTC_A, RTC_B, RTC_C, RTC_D,
	RTC_CENTURY = 0x32,	/* as the FADT says */
};

#define A_UIP		0x80
#define A_RATE		0x0f
#define B_SET		0x80
#define B_BINARY	0x04
#define B_24H		0x02
/* interrupt enables in B and their flags in C */
#define RTC_PF		0x40
#define RTC_AF		0x20
#define RTC_UF		0x10
#define RTC_FLAGS	(RTC_PF | RTC_AF | RTC_UF)
#define C_IRQF		0x80
#define D_VALID		0x80	/* the battery is good */

#define HOUR_PM		0x80
/* an alarm byte from here on matches everything */
#define ALARM_ANY	0xc0
/* update in progress is announced this long before the second turns */
#define UIP_NS		244000

void rtc_init(struct rtc *rtc, u64 wall_tsc, u64 wall_ns)
{
	memset(rtc, 0, sizeof(*rtc));
	rtc->wall_tsc = wall_tsc;
	rtc->wall_ns = wall_ns;
	rtc->seen_ns = wall_ns;
	rtc->nvram[RTC_A] = 0x26;	/* 32 kHz, 1024 Hz */
	rtc->nvram[RTC_B] = B_24H;
	rtc->nvram[RTC_D] = D_VALID;
}

static u64 guest_ns(const struct rtc *rtc, u64 now)
{
	u64 tsc = now > rtc->wall_tsc ? now - rtc->wall_tsc : 0;

	return rtc->wall_ns + (u64)rtc->offset_ns +
	       tsc_to_ticks(tsc, NS_PER_SECOND);
}

static u64 ns_tsc(const struct rtc *rtc, u64 ns)
{
	u64 base = rtc->wall_ns + (u64)rtc->offset_ns;

	if (ns <= base)
		return rtc->wall_tsc;
	return rtc->wall_tsc + ticks_to_tsc(ns - base, NS_PER_SECOND);
}

static u8 encode(const struct rtc *rtc, u32 value)
{
	if (rtc->nvram[RTC_B] & B_BINARY)
		return (u8)value;
	return (u8)(value / 10 << 4 | value % 10);
}

static u32 decode(const struct rtc *rtc, u8 value)
{
	if (rtc->nvram[RTC_B] & B_BINARY)
		return value;
	return (value >> 4) * 10u + (value & 15u);
}

static u8 encode_hour(const struct rtc *rtc, u32 hour)
{
	if (rtc->nvram[RTC_B] & B_24H)
		return encode(rtc, hour);
	return encode(rtc, (hour + 11) % 12 + 1) | (hour >= 12 ? HOUR_PM : 0);
}

static u32 decode_hour(const struct rtc *rtc, u8 value)
{
	if (rtc->nvram[RTC_B] & B_24H)
		return decode(rtc, value);
	return decode(rtc, value & ~HOUR_PM) % 12 + (value & HOUR_PM ? 12 : 0);
}

static bool time_register(u8 index)
{
	switch (index) {
	case RTC_SECONDS: case RTC_MINUTES: case RTC_HOURS:
	case RTC_WEEKDAY: case RTC_DAY: case RTC_MONTH: case RTC_YEAR:
	case RTC_CENTURY:
		return true;
	}
	return false;
}

/* Puts the running time into the registers. */
static void registers_fill(struct rtc *rtc, u64 now)
{
	struct rtc_time time;

	rtc_time_from_seconds(&time, guest_ns(rtc, now) / NS_PER_SECOND);
	rtc->nvram[RTC_SECONDS] = encode(rtc, time.second);
	rtc->nvram[RTC_MINUTES] = encode(rtc, time.minute);
	rtc->nvram[RTC_HOURS] = encode_hour(rtc, time.hour);
	rtc->nvram[RTC_WEEKDAY] = encode(rtc, time.weekday);
	rtc->nvram[RTC_DAY] = encode(rtc, time.day);
	rtc->nvram[RTC_MONTH] = encode(rtc, time.month);
	rtc->nvram[RTC_YEAR] = encode(rtc, time.year % 100);
	rtc->nvram[RTC_CENTURY] = encode(rtc, time.year / 100);
}

/* Makes what is in the registers the time. */
static void registers_commit(struct rtc *rtc, u64 now)
{
	struct rtc_time time = {
		.second = (u8)decode(rtc, rtc->nvram[RTC_SECONDS]),
		.minute = (u8)decode(rtc, rtc->nvram[RTC_MINUTES]),
		.hour = (u8)decode_hour(rtc, rtc->nvram[RTC_HOURS]),
		.day = (u8)decode(rtc, rtc->nvram[RTC_DAY]),
		.month = (u8)decode(rtc, rtc->nvram[RTC_MONTH]),
		.year = decode(rtc, rtc->nvram[RTC_CENTURY]) * 100 +
			decode(rtc, rtc->nvram[RTC_YEAR]),
	};
	u64 ns = rtc_time_to_seconds(&time) * NS_PER_SECOND;

	rtc->offset_ns += (s64)(ns - guest_ns(rtc, now));
	rtc->seen_ns = ns;
}

/* Nanoseconds of the periodic interrupt, 0 when it is off. */
static u64 period_ns(const struct rtc *rtc)
{
	u32 rate = rtc->nvram[RTC_A] & A_RATE;

	if (!rate)
		return 0;
	if (rate < 3)
		rate += 7;
	return NS_PER_SECOND * (1u << (rate - 1)) / 32768;
}

static bool alarm_matches(const struct rtc *rtc, u8 reg, u32 value)
{
	u8 alarm = rtc->nvram[reg];

	if (alarm >= ALARM_ANY)
		return true;
	if (reg == RTC_HOURS_ALARM)
		return decode_hour(rtc, alarm) == value;
	return decode(rtc, alarm) == value;
}

/* Some value below the limit matches: garbage never does. */
static bool alarm_possible(const struct rtc *rtc, u8 reg, u32 limit)
{
	u32 value;

	for (value = 0; value < limit; value++)
		if (alarm_matches(rtc, reg, value))
			return true;
	return false;
}

/* The first second after this one at which the alarm goes off; ~0: none. */
static u64 alarm_second(const struct rtc *rtc, u64 second)
{
	if (!alarm_possible(rtc, RTC_HOURS_ALARM, 24) ||
	    !alarm_possible(rtc, RTC_MINUTES_ALARM, 60) ||
	    !alarm_possible(rtc, RTC_SECONDS_ALARM, 60))
		return ~0ull;

	/* whole hours and minutes that do not match are stepped over */
	for (second++;;) {
		if (!alarm_matches(rtc, RTC_HOURS_ALARM, second / 3600 % 24))
			second = (second / 3600 + 1) * 3600;
		else if (!alarm_matches(rtc, RTC_MINUTES_ALARM,
					second / 60 % 60))
			second = (second / 60 + 1) * 60;
		else if (!alarm_matches(rtc, RTC_SECONDS_ALARM, second % 60))
			second++;
		else
			return second;
	}
}

void rtc_sync(struct rtc *rtc, u64 now)
{
	u64 ns = guest_ns(rtc, now), period = period_ns(rtc);
	u64 from = rtc->seen_ns / NS_PER_SECOND;

	if (ns <= rtc->seen_ns)
		return;
	if (period && ns / period != rtc->seen_ns / period)
		rtc->nvram[RTC_C] |= RTC_PF;
	/* the clock stands while the guest sets it */
	if (!(rtc->nvram[RTC_B] & B_SET) && ns / NS_PER_SECOND != from) {
		rtc->nvram[RTC_C] |= RTC_UF;
		if (alarm_second(rtc, from) <= ns / NS_PER_SECOND)
			rtc->nvram[RTC_C] |= RTC_AF;
	}
	rtc->seen_ns = ns;
}

bool rtc_irq(const struct rtc *rtc)
{
	return rtc->nvram[RTC_B] & rtc->nvram[RTC_C] & RTC_FLAGS;
}

u64 rtc_next(const struct rtc *rtc)
{
	u8 enabled = rtc->nvram[RTC_B] & RTC_FLAGS;
	u64 ns, second, period, next = ~0ull;

	/* the line is up already: only the guest can change that */
	if (!enabled || rtc_irq(rtc))
		return TSC_NEVER;
	/* not from now on: nobody may have listened since */
	ns = rtc->seen_ns;
	second = ns / NS_PER_SECOND;
	period = period_ns(rtc);
	if (enabled & RTC_PF && period)
		next = (ns / period + 1) * period;
	if (enabled & RTC_AF) {
		u64 alarm = alarm_second(rtc, second);

		if (alarm != ~0ull && alarm * NS_PER_SECOND < next)
			next = alarm * NS_PER_SECOND;
	}
	if (enabled & RTC_UF && (second + 1) * NS_PER_SECOND < next)
		next = (second + 1) * NS_PER_SECOND;
	return next == ~0ull ? TSC_NEVER : ns_tsc(rtc, next);
}

static u8 rtc_read_a(const struct rtc *rtc, u64 now)
{
	u64 into = guest_ns(rtc, now) % NS_PER_SECOND;
	u8 value = rtc->nvram[RTC_A];

	if (!(rtc->nvram[RTC_B] & B_SET) && into >= NS_PER_SECOND - UIP_NS)
		value |= A_UIP;
	return value;
}

static u8 rtc_read_c(struct rtc *rtc, u64 now)
{
	u8 value;

	rtc_sync(rtc, now);
	value = rtc->nvram[RTC_C];
	if (rtc_irq(rtc))
		value |= C_IRQF;
	rtc->nvram[RTC_C] = 0;
	return value;
}

u8 rtc_read(struct rtc *rtc, u16 port, u64 now)
{
	if (port == INDEX_PORT)
		return 0xff;
	if (time_register(rtc->index) && !(rtc->nvram[RTC_B] & B_SET))
		registers_fill(rtc, now);
	switch (rtc->index) {
	case RTC_A:	return rtc_read_a(rtc, now);
	case RTC_C:	return rtc_read_c(rtc, now);
	}
	return rtc->nvram[rtc->index];
}

static void rtc_write_b(struct rtc *rtc, u8 value, u64 now)
{
	u8 before = rtc->nvram[RTC_B];

	if (value & B_SET && !(before & B_SET))
		registers_fill(rtc, now);
	rtc->nvram[RTC_B] = value;
	if (before & B_SET && !(value & B_SET))
		registers_commit(rtc, now);
}

static void rtc_write_time(struct rtc *rtc, u8 value, u64 now)
{
	bool set = rtc->nvram[RTC_B] & B_SET;

	if (!set)
		registers_fill(rtc, now);
	rtc->nvram[rtc->index] = value;
	if (!set)
		registers_commit(rtc, now);
}

void rtc_write(struct rtc *rtc, u16 port, u8 value, u64 now)
{
	if (port == INDEX_PORT) {
		/* bit 7 masks NMIs on a PC */
		rtc->index = value & (RTC_NVRAM_BYTES - 1);
		return;
	}
	/* what came before counts by the old rates and alarms */
	rtc_sync(rtc, now);
	switch (rtc->index) {
	case RTC_A:
		rtc->nvram[RTC_A] = value & ~A_UIP;
		break;
	case RTC_B:
		rtc_write_b(rtc, value, now);
		break;
	case RTC_C:
	case RTC_D:
		break;
	default:
		if (time_register(rtc->index))
			rtc_write_time(rtc, value, now);
		else
			rtc->nvram[rtc->index] = value;
	}
}

/* The line and the next tick follow from the registers. */
static void rtc_update(struct rtc *rtc)
{
	device_line(&rtc->dev, rtc_irq(rtc));
	device_due(&rtc->dev, rtc_next(rtc));
}

static u64 rtc_port_read(struct device *dev, struct bus_access at)
{
	struct rtc *rtc = (struct rtc *)dev;
	u8 value = rtc_read(rtc, (u16)at.address, rdtsc());

	rtc_update(rtc);
	return value;
}

static void rtc_port_write(struct device *dev, struct bus_access at, u64 value)
{
	struct rtc *rtc = (struct rtc *)dev;

	rtc_write(rtc, (u16)at.address, (u8)value, rdtsc());
	rtc_update(rtc);
}

static void rtc_tick(struct device *dev, u64 now)
{
	struct rtc *rtc = (struct rtc *)dev;

	rtc_sync(rtc, now);
	rtc_update(rtc);
}

static const struct device_model rtc_model = {
	.name = "rtc",
	.line = IRQ_RTC,
	.line_only = true,
	.range = { { BUS_PORT, 1, INDEX_PORT, INDEX_PORT + 1 } },
	.read = rtc_port_read,
	.write = rtc_port_write,
	.tick = rtc_tick,
};

int rtc_add(struct rtc *rtc, struct bus *bus)
{
	return bus_add(bus, &rtc->dev, &rtc_model);
}
