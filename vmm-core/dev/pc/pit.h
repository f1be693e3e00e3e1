/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 8254 interval timer and the speaker port that holds the gate of its
 * third channel. Counts follow from the TSC when somebody asks; nothing
 * runs in between.
 */
#ifndef VMM_CORE_DEV_PC_PIT_H
#define VMM_CORE_DEV_PC_PIT_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/lib/types.h"

#define PIT_HZ		1193182ull
#define PIT_CHANNELS	3

struct pit_channel {
	u8 mode;		/* 0 to 5 */
	u8 access;		/* 1: low byte, 2: high byte, 3: low, then high */
	bool bcd;
	bool gate;
	bool loaded;		/* a count was written since the control word */
	bool write_high, read_high; /* access 3: that byte comes next */
	u8 low;			/* written, awaits the high byte */
	u32 count;		/* 1 to 65536 (or 10000) */
	u64 start_tsc;		/* when counting began */
	u64 held;		/* ticks counted when the gate closed */
	bool counting;
	u8 latched_bytes;	/* of latch, still to be read */
	u16 latch;
	bool status_latched;
	u8 status;
	/* channel 0: ticks at the last interrupt, since start_tsc */
	u64 fired;
};

struct pit {
	struct device dev;
	struct pit_channel channel[PIT_CHANNELS];
	bool speaker;
};

void pit_init(struct pit *pit);
/* Puts it on the bus, as the following asks it to act. */
int pit_add(struct pit *pit, struct bus *bus);

/* Ports 0x40 to 0x43 and 0x61. */
u8 pit_read(struct pit *pit, u16 port, u64 now);
void pit_write(struct pit *pit, u16 port, u8 value, u64 now);

/* When the output of channel 0 rises next, ~0 for never; now, if it rose
 * without pit_fires() having been asked. */
u64 pit_next(const struct pit *pit, u64 now);
/* It rose since the last call. However often: the line knows one edge. */
bool pit_fires(struct pit *pit, u64 now);

#endif
