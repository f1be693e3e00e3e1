/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Seconds since 1970 to a calendar date and back, as the RTC's registers
 * want it. Proleptic Gregorian, UTC, years 1970 to 9999.
 */
#ifndef VMM_CORE_DEV_PC_RTC_TIME_H
#define VMM_CORE_DEV_PC_RTC_TIME_H

#include "vmm-core/lib/types.h"

struct rtc_time {
	u32 year;
	u8 month, day;		/* from 1 */
	u8 weekday;		/* 1 is Sunday */
	u8 hour, minute, second;
};

void rtc_time_from_seconds(struct rtc_time *time, u64 seconds);
/* Takes any values; those out of range carry over. */
u64 rtc_time_to_seconds(const struct rtc_time *time);

#endif
