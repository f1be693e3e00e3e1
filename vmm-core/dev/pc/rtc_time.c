/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calendar arithmetic. Years are counted from March, so that the leap day
 * is the last of its year and month lengths follow one formula.
 */
#include "vmm-core/dev/pc/rtc_time.h"

#define DAY_SECONDS	86400u
#define ERA_YEARS	400u
#define ERA_DAYS	146097u		/* of 400 years */
/* from 0000-03-01 to 1970-01-01 */
#define EPOCH_DAYS	719468u

/* Days from 1 March to the first of the month that is `m` months later. */
static u32 march_days(u32 m)
{
	return (153 * m + 2) / 5;
}

static u32 days_from_date(u32 year, u32 month, u32 day)
{
	u32 m = (month + 9) % 12;
	u32 y = month <= 2 ? year - 1 : year;
	u32 in_era = y % ERA_YEARS;

	return y / ERA_YEARS * ERA_DAYS + in_era * 365 + in_era / 4 -
	       in_era / 100 + march_days(m) + day - 1 - EPOCH_DAYS;
}

static void date_from_days(struct rtc_time *time, u32 days)
{
	u32 era = (days + EPOCH_DAYS) / ERA_DAYS;
	u32 d = (days + EPOCH_DAYS) % ERA_DAYS;
	/* drop the leap days seen so far: every 4, not every 100, every 400 */
	u32 year = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	u32 month;

	d -= year * 365 + year / 4 - year / 100;
	month = (5 * d + 2) / 153;
	time->day = (u8)(d - march_days(month) + 1);
	time->month = (u8)(month < 10 ? month + 3 : month - 9);
	time->year = era * ERA_YEARS + year + (time->month <= 2);
}

void rtc_time_from_seconds(struct rtc_time *time, u64 seconds)
{
	u32 days = (u32)(seconds / DAY_SECONDS);
	u32 rest = (u32)(seconds % DAY_SECONDS);

	date_from_days(time, days);
	/* 1970-01-01 was a Thursday */
	time->weekday = (u8)((days + 4) % 7 + 1);
	time->hour = (u8)(rest / 3600);
	time->minute = (u8)(rest / 60 % 60);
	time->second = (u8)(rest % 60);
}

u64 rtc_time_to_seconds(const struct rtc_time *time)
{
	u32 month = time->month ? time->month : 1;
	u32 day = time->day ? time->day : 1;
	u32 year = time->year < 1970 ? 1970 : time->year;

	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	return (u64)days_from_date(year, month, day) * DAY_SECONDS +
	       time->hour * 3600u + time->minute * 60u + time->second;
}
