/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The MC146818 real-time clock and its 128 bytes of CMOS memory. The time
 * is the machine's wall clock plus what the guest has set it off by.
 */
#ifndef VMM_CORE_DEV_PC_RTC_H
#define VMM_CORE_DEV_PC_RTC_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/lib/types.h"

#define RTC_NVRAM_BYTES		128

struct rtc {
	struct device dev;
	u8 index;		/* of the register at port 0x71 */
	u8 nvram[RTC_NVRAM_BYTES]; /* registers too, time only while B.SET */
	u64 wall_tsc, wall_ns;	/* the pair that ties the TSC to UTC */
	s64 offset_ns;		/* what the guest's clock is ahead of it */
	u64 seen_ns;		/* flags in C are complete up to this time */
};

/* At wall_tsc it was wall_ns after 1970, UTC. */
void rtc_init(struct rtc *rtc, u64 wall_tsc, u64 wall_ns);
/* Puts it on the bus, as the following asks it to act. */
int rtc_add(struct rtc *rtc, struct bus *bus);

/* Ports 0x70 and 0x71. */
u8 rtc_read(struct rtc *rtc, u16 port, u64 now);
void rtc_write(struct rtc *rtc, u16 port, u8 value, u64 now);

/* When an enabled interrupt is due next after rtc_sync(), ~0 for never. */
u64 rtc_next(const struct rtc *rtc);
/* Sets the flags of what happened until now. */
void rtc_sync(struct rtc *rtc, u64 now);
/* The level of its interrupt line. */
bool rtc_irq(const struct rtc *rtc);

#endif
