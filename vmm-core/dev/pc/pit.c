/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 8254. Every value is computed from the ticks since the count was
 * loaded. Modes 1 and 5 wait for a rising gate, which only channel 2 has.
 */
#include "vmm-core/dev/pc/pit.h"

#include "vmm-core/dev/clock.h"
#include "vmm-core/dev/irq/isa_lines.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86.h"

#define CONTROL_PORT	0x43
#define SPEAKER_PORT	0x61

#define SPEAKER_GATE	0x01
#define SPEAKER_DATA	0x02
#define SPEAKER_REFRESH	0x10
#define SPEAKER_OUT	0x20
/* the refresh bit toggles every 18 ticks, about 15 us */
#define REFRESH_TICKS	18

#define STATUS_OUT	0x80
#define STATUS_NULL	0x40	/* no count has been loaded */

#define ACCESS_BOTH	3

/* Read-back command */
#define READBACK	3
#define READBACK_NO_COUNT 0x20
#define READBACK_NO_STATUS 0x10

static bool periodic(const struct pit_channel *ch)
{
	return ch->mode == 2 || ch->mode == 3;
}

/* Waits for its gate to rise before it counts. */
static bool triggered(const struct pit_channel *ch)
{
	return ch->mode == 1 || ch->mode == 5;
}

static u64 channel_ticks(const struct pit_channel *ch, u64 now)
{
	if (!ch->counting || now < ch->start_tsc)
		return ch->held;
	return tsc_to_ticks(now - ch->start_tsc, PIT_HZ);
}

/* The level of OUT. */
static bool channel_output(const struct pit_channel *ch, u64 now)
{
	u64 ticks = channel_ticks(ch, now), phase;

	if (!ch->loaded)
		return ch->mode != 0;
	if (periodic(ch) && !ch->gate)
		return true;
	switch (ch->mode) {
	case 0:
		return ticks >= ch->count;
	case 1:
		return !ch->counting || ticks >= ch->count;
	case 2:
		return ticks % ch->count != ch->count - 1;
	case 3:
		phase = ticks % ch->count;
		return phase < (ch->count + 1) / 2;
	default:
		return ticks != ch->count;
	}
}

/* The counting element, in binary: what BCD makes of it comes after. */
static u32 channel_value(const struct pit_channel *ch, u64 now)
{
	u32 modulus = ch->bcd ? 10000 : 65536;
	u64 ticks = channel_ticks(ch, now);

	if (!ch->loaded)
		return 0;
	switch (ch->mode) {
	case 2:
		return ch->count - (u32)(ticks % ch->count);
	case 3:
		/* counts down by two, so twice a period */
		return (ch->count & ~1u) - (u32)(ticks * 2 % ch->count & ~1ull);
	}
	return (u32)(ch->count + modulus - ticks % modulus) % modulus;
}

static u16 to_bcd(u32 value)
{
	return (u16)(value % 10 | value / 10 % 10 << 4 |
		     value / 100 % 10 << 8 | value / 1000 % 10 << 12);
}

static u32 from_bcd(u16 value)
{
	return (value & 15u) + (value >> 4 & 15u) * 10 +
	       (value >> 8 & 15u) * 100 + (value >> 12 & 15u) * 1000;
}

static u16 channel_read_value(const struct pit_channel *ch, u64 now)
{
	u32 value = channel_value(ch, now);

	return ch->bcd ? to_bcd(value) : (u16)value;
}

void pit_init(struct pit *pit)
{
	unsigned int i;

	memset(pit, 0, sizeof(*pit));
	for (i = 0; i < PIT_CHANNELS; i++) {
		pit->channel[i].access = ACCESS_BOTH;
		pit->channel[i].mode = 3;
		pit->channel[i].count = 65536;
		/* the gates of 0 and 1 are wired to be open */
		pit->channel[i].gate = i != 2;
	}
}

static void channel_start(struct pit_channel *ch, u64 now)
{
	ch->start_tsc = now;
	ch->held = 0;
	ch->fired = 0;
	ch->counting = true;
}

static void channel_load(struct pit_channel *ch, u16 value, u64 now)
{
	u32 count = ch->bcd ? from_bcd(value) : value;

	ch->count = count ? count : ch->bcd ? 10000 : 65536;
	ch->loaded = true;
	ch->held = 0;
	ch->counting = false;
	if (ch->gate && !triggered(ch))
		channel_start(ch, now);
}

static void channel_set_gate(struct pit_channel *ch, bool gate, u64 now)
{
	bool rises = gate && !ch->gate;

	if (gate == ch->gate)
		return;
	if (!gate && !triggered(ch)) {
		ch->held = channel_ticks(ch, now);
		ch->counting = false;
	}
	ch->gate = gate;
	if (!rises || !ch->loaded)
		return;
	if (periodic(ch) || triggered(ch)) {
		channel_start(ch, now);
	} else {
		/* goes on where the gate closed */
		ch->start_tsc = now - ticks_to_tsc(ch->held, PIT_HZ);
		ch->counting = true;
	}
}

static void channel_latch_count(struct pit_channel *ch, u64 now)
{
	/* a second latch before the first was read does nothing */
	if (ch->latched_bytes)
		return;
	ch->latch = channel_read_value(ch, now);
	ch->latched_bytes = ch->access == ACCESS_BOTH ? 2 : 1;
}

static void channel_latch_status(struct pit_channel *ch, u64 now)
{
	if (ch->status_latched)
		return;
	ch->status = (u8)(ch->access << 4 | ch->mode << 1 | ch->bcd);
	if (channel_output(ch, now))
		ch->status |= STATUS_OUT;
	if (!ch->loaded)
		ch->status |= STATUS_NULL;
	ch->status_latched = true;
}

static void pit_write_readback(struct pit *pit, u8 value, u64 now)
{
	unsigned int i;

	for (i = 0; i < PIT_CHANNELS; i++) {
		if (!(value & (2u << i)))
			continue;
		if (!(value & READBACK_NO_COUNT))
			channel_latch_count(&pit->channel[i], now);
		if (!(value & READBACK_NO_STATUS))
			channel_latch_status(&pit->channel[i], now);
	}
}

static void pit_write_control(struct pit *pit, u8 value, u64 now)
{
	struct pit_channel *ch;

	if (value >> 6 == READBACK) {
		pit_write_readback(pit, value, now);
		return;
	}
	ch = &pit->channel[value >> 6];
	if (!(value >> 4 & 3)) {
		channel_latch_count(ch, now);
		return;
	}
	ch->access = value >> 4 & 3;
	ch->mode = value >> 1 & 7;
	if (ch->mode > 5)	/* the high bit of 2 and 3 does not matter */
		ch->mode -= 4;
	ch->bcd = value & 1;
	ch->loaded = ch->counting = false;
	ch->write_high = ch->read_high = false;
	ch->latched_bytes = 0;
	ch->status_latched = false;
}

static void channel_write(struct pit_channel *ch, u8 value, u64 now)
{
	switch (ch->access) {
	case 1:
		channel_load(ch, value, now);
		return;
	case 2:
		channel_load(ch, (u16)(value << 8), now);
		return;
	}
	if (ch->write_high)
		channel_load(ch, (u16)(value << 8 | ch->low), now);
	else
		ch->low = value;
	ch->write_high = !ch->write_high;
}

static u8 channel_read(struct pit_channel *ch, u64 now)
{
	u16 value;
	bool high;

	if (ch->status_latched) {
		ch->status_latched = false;
		return ch->status;
	}
	value = ch->latched_bytes ? ch->latch : channel_read_value(ch, now);
	high = ch->access == 2;
	if (ch->access == ACCESS_BOTH) {
		high = ch->read_high;
		ch->read_high = !ch->read_high;
	}
	if (ch->latched_bytes)
		ch->latched_bytes--;
	return (u8)(high ? value >> 8 : value);
}

static u8 pit_speaker_read(const struct pit *pit, u64 now)
{
	u8 value = 0;

	if (pit->channel[2].gate)
		value |= SPEAKER_GATE;
	if (pit->speaker)
		value |= SPEAKER_DATA;
	if (tsc_to_ticks(now, PIT_HZ) / REFRESH_TICKS & 1)
		value |= SPEAKER_REFRESH;
	if (channel_output(&pit->channel[2], now))
		value |= SPEAKER_OUT;
	return value;
}

u8 pit_read(struct pit *pit, u16 port, u64 now)
{
	switch (port) {
	case SPEAKER_PORT:	return pit_speaker_read(pit, now);
	case CONTROL_PORT:	return 0xff;
	}
	return channel_read(&pit->channel[port - 0x40], now);
}

void pit_write(struct pit *pit, u16 port, u8 value, u64 now)
{
	switch (port) {
	case SPEAKER_PORT:
		pit->speaker = value & SPEAKER_DATA;
		channel_set_gate(&pit->channel[2], value & SPEAKER_GATE, now);
		return;
	case CONTROL_PORT:
		pit_write_control(pit, value, now);
		return;
	}
	channel_write(&pit->channel[port - 0x40], value, now);
}

/*
 * Ticks from the start to the n-th time that OUT rises. Mode 4 strobes low
 * for the tick in which the count ends, and rises after it.
 */
static u64 rise_ticks(const struct pit_channel *ch, u64 n)
{
	return n * ch->count + (ch->mode == 4 ? 1 : 0);
}

/* How many times OUT has risen so far. */
static u64 rises(const struct pit_channel *ch, u64 ticks)
{
	if (ticks < rise_ticks(ch, 1))
		return 0;
	return periodic(ch) ? ticks / ch->count : 1;
}

u64 pit_next(const struct pit *pit, u64 now)
{
	const struct pit_channel *ch = &pit->channel[0];
	u64 done;

	if (!ch->loaded || !ch->counting)
		return TSC_NEVER;
	done = rises(ch, channel_ticks(ch, now));
	/* it rose while nobody listened: an 8259 has latched that edge */
	if (done > ch->fired)
		return now;
	if (done && !periodic(ch))
		return TSC_NEVER;
	return ch->start_tsc + ticks_to_tsc(rise_ticks(ch, done + 1), PIT_HZ);
}

bool pit_fires(struct pit *pit, u64 now)
{
	struct pit_channel *ch = &pit->channel[0];
	u64 before = ch->fired;

	if (!ch->loaded || !ch->counting)
		return false;
	ch->fired = rises(ch, channel_ticks(ch, now));
	return ch->fired > before;
}

static u64 pit_port_read(struct device *dev, struct bus_access at)
{
	return pit_read((struct pit *)dev, (u16)at.address, rdtsc());
}

static void pit_port_write(struct device *dev, struct bus_access at, u64 value)
{
	struct pit *pit = (struct pit *)dev;
	u64 now = rdtsc();

	pit_write(pit, (u16)at.address, (u8)value, now);
	device_due(dev, pit_next(pit, now));
}

static void pit_tick(struct device *dev, u64 now)
{
	struct pit *pit = (struct pit *)dev;

	if (pit_fires(pit, now)) {
		device_line(dev, false);
		device_line(dev, true);
	}
	device_due(dev, pit_next(pit, now));
}

static const struct device_model pit_model = {
	.name = "pit",
	.line = IRQ_PIT,
	.line_only = true,
	.range = {
		{ BUS_PORT, 1, 0x40, CONTROL_PORT },
		{ BUS_PORT, 1, SPEAKER_PORT, SPEAKER_PORT },
	},
	.read = pit_port_read,
	.write = pit_port_write,
	.tick = pit_tick,
};

int pit_add(struct pit *pit, struct bus *bus)
{
	return bus_add(bus, &pit->dev, &pit_model);
}
