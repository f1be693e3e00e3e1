/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bus of a VM. A port is looked up in a table of all of them, because
 * that is what guests with legacy devices do most; memory in a short list.
 */
#include "vmm-core/dev/bus.h"

#include "vmm-core/lib/string.h"

void bus_init(struct bus *bus, struct irq_lines *lines,
	      void (*power)(struct bus *bus, u32 vcpu, enum bus_power what))
{
	memset(bus, 0, sizeof(*bus));
	bus->lines = lines;
	bus->power = power;
	bus->next_tsc = TSC_NEVER;
	bus->port_ranges = 1;
	bus->page_range[0].last = ~0ull;
}

static bool range_valid(const struct device_range *r)
{
	return r->first <= r->last && r->last - r->first >= r->width - 1u &&
	       (r->space != BUS_PORT || r->last < BUS_PORTS) &&
	       (r->width == 1 || r->width == 2 || r->width == 4 ||
		(r->width == 8 && r->space == BUS_MEMORY));
}

/* -EEXIST: one of the ranges answers in the new one. */
static int ranges_check(const struct bus_range *r, unsigned int count,
			const struct bus_range *new)
{
	for (; count; r++, count--)
		if (r->dev && r->first <= new->last && new->first <= r->last)
			return -EEXIST;
	return 0;
}

static int ports_answer(struct bus *bus, const struct bus_range *new)
{
	u8 index = (u8)bus->port_ranges;
	int err = ranges_check(bus->port_range, index, new);

	if (err)
		return err;
	if (index == BUS_RANGES_MAX)
		return -ENOMEM;
	bus->port_range[bus->port_ranges++] = *new;
	memset(&bus->port[new->first], index, new->last - new->first + 1);
	return 0;
}

static int pages_answer(struct bus *bus, const struct bus_range *new)
{
	struct bus_range *r = &bus->page_range[bus->page_ranges];
	int err = ranges_check(bus->page_range, bus->page_ranges, new);

	if (err)
		return err;
	if (bus->page_ranges == BUS_RANGES_MAX - 1)
		return -ENOMEM;
	bus->page_ranges++;
	for (; r > bus->page_range && r[-1].first > new->first; r--)
		r[1] = r[0], r[0] = r[-1];
	r[1] = r[0];
	r[0] = *new;
	return 0;
}

int device_answer(struct device *dev, const struct device_range *range)
{
	const struct bus_range new = {
		.first = range->first, .last = range->last, .dev = dev,
		.width = range->width,
	};

	if (!range_valid(range))
		return -EINVAL;
	return range->space == BUS_PORT ? ports_answer(dev->bus, &new) :
					  pages_answer(dev->bus, &new);
}

int bus_add(struct bus *bus, struct device *dev,
	    const struct device_model *model)
{
	int err = 0;

	if (bus->devices == BUS_DEVICES_MAX)
		return -ENOMEM;
	bus->device[bus->devices++] = dev;
	dev->model = model;
	dev->bus = bus;
	dev->due_tsc = TSC_NEVER;
	for (unsigned int i = 0; i < DEVICE_RANGES_MAX && !err; i++)
		if (model->range[i].width)
			err = device_answer(dev, &model->range[i]);
	return err;
}

/* Whether the device takes the access whole; nobody takes any. */
static bool range_takes(const struct bus_range *r, struct bus_access at)
{
	return at.bytes <= r->width && r->last - at.address >= at.bytes - 1;
}

static u64 range_read(const struct bus_range *r, struct bus_access at)
{
	struct device *dev = r->dev;
	u64 value;

	spin_lock(&dev->lock);
	value = dev->model->read(dev, at);
	spin_unlock(&dev->lock);
	return value;
}

static void range_write(const struct bus_range *r, struct bus_access at,
			u64 value)
{
	struct device *dev = r->dev;

	spin_lock(&dev->lock);
	dev->model->write(dev, at, value);
	spin_unlock(&dev->lock);
}

/* One byte of an access, as on an 8-bit bus. */
static struct bus_access byte_of(struct bus_access at, u32 i, u64 mask)
{
	return (struct bus_access){ (at.address + i) & mask, 1, at.vcpu };
}

/* Splits what no device takes whole into bytes; nobody's are ones. */
static u32 __cold bytes_in(struct bus *bus, struct bus_access at)
{
	u32 value = 0;

	if (at.bytes == 1)
		return 0xff;
	for (u32 i = 0; i < at.bytes; i++)
		value |= (bus_in(bus, byte_of(at, i, BUS_PORTS - 1)) & 0xff)
			 << i * 8;
	return value;
}

static void __cold bytes_out(struct bus *bus, struct bus_access at, u32 value)
{
	for (u32 i = 0; at.bytes > 1 && i < at.bytes; i++)
		bus_out(bus, byte_of(at, i, BUS_PORTS - 1), value >> i * 8);
}

u32 bus_in(struct bus *bus, struct bus_access at)
{
	const struct bus_range *r = &bus->port_range[bus->port[at.address]];

	if (unlikely(!range_takes(r, at)))
		return bytes_in(bus, at);
	return (u32)range_read(r, at);
}

void bus_out(struct bus *bus, struct bus_access at, u32 value)
{
	const struct bus_range *r = &bus->port_range[bus->port[at.address]];

	if (unlikely(!range_takes(r, at)))
		return bytes_out(bus, at, value);
	range_write(r, at, value);
}

static const struct bus_range *page_find(const struct bus *bus, u64 gpa)
{
	const struct bus_range *r = bus->page_range;

	while (gpa > r->last)
		r++;
	return r;
}

static u64 __cold bytes_read(struct bus *bus, struct bus_access at)
{
	u64 value = 0;

	if (at.bytes == 1)
		return 0xff;
	for (u32 i = 0; i < at.bytes; i++)
		value |= (bus_read(bus, byte_of(at, i, ~0ull)) & 0xff) << i * 8;
	return value;
}

static void __cold bytes_write(struct bus *bus, struct bus_access at, u64 value)
{
	for (u32 i = 0; at.bytes > 1 && i < at.bytes; i++)
		bus_write(bus, byte_of(at, i, ~0ull), value >> i * 8);
}

u64 bus_read(struct bus *bus, struct bus_access at)
{
	const struct bus_range *r = page_find(bus, at.address);

	if (unlikely(at.address < r->first || !range_takes(r, at)))
		return bytes_read(bus, at);
	return range_read(r, at);
}

void bus_write(struct bus *bus, struct bus_access at, u64 value)
{
	const struct bus_range *r = page_find(bus, at.address);

	if (unlikely(at.address < r->first || !range_takes(r, at)))
		return bytes_write(bus, at, value);
	range_write(r, at, value);
}

/* Whether a tick of the device would be of use. */
static bool device_heard(const struct device *dev)
{
	struct irq_lines *lines = dev->bus->lines;

	return !dev->model->line_only ||
	       lines->listened(lines, dev->model->line);
}

void bus_schedule(struct bus *bus)
{
	u64 next = TSC_NEVER;

	spin_lock(&bus->lock);
	for (unsigned int i = 0; i < bus->devices; i++) {
		const struct device *dev = bus->device[i];
		u64 due = __atomic_load_n(&dev->due_tsc, __ATOMIC_RELAXED);

		if (due < next && device_heard(dev))
			next = due;
	}
	__atomic_store_n(&bus->next_tsc, next, __ATOMIC_RELAXED);
	spin_unlock(&bus->lock);
}

static void device_tick(struct device *dev, u64 now)
{
	spin_lock(&dev->lock);
	dev->model->tick(dev, now);
	spin_unlock(&dev->lock);
}

void bus_tick(struct bus *bus, u64 now)
{
	for (unsigned int i = 0; i < bus->devices; i++) {
		struct device *dev = bus->device[i];

		if (now >= dev->due_tsc && device_heard(dev))
			device_tick(dev, now);
	}
	bus_schedule(bus);
}

void device_due(struct device *dev, u64 tsc)
{
	if (tsc == dev->due_tsc)
		return;
	__atomic_store_n(&dev->due_tsc, tsc, __ATOMIC_RELAXED);
	bus_schedule(dev->bus);
}

void device_line_move(struct device *dev, bool level)
{
	struct irq_lines *lines = dev->bus->lines;

	dev->level = level;
	lines->set(lines, dev->model->line, level);
}
