/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bus of a VM: which device answers where, the interrupt line of each,
 * and when one of them needs time next.
 *
 * Devices are added while the VM is made; then the list is constant. Every
 * call of a device's operations holds its lock. Inside, it may move its line
 * and say when it is due, but reach no other device: the locks are taken in
 * the order device, interrupt controllers, bus.
 */
#ifndef VMM_CORE_DEV_BUS_H
#define VMM_CORE_DEV_BUS_H

#include "vmm-core/dev/clock.h"
#include "vmm-core/lib/spinlock.h"
#include "vmm-core/lib/types.h"

#define BUS_DEVICES_MAX	32
#define BUS_RANGES_MAX	32	/* of ports, and of memory */
#define BUS_PORTS	0x10000

struct bus;
struct device;

/* One access of a vCPU. */
struct bus_access {
	u64 address;		/* port or guest-physical */
	u32 bytes;		/* 1, 2, 4, of memory also 8 */
	u32 vcpu;		/* its index */
};

enum bus_space { BUS_PORT, BUS_MEMORY };

/* Where a device answers, to accesses of up to width bytes; wider ones come
 * byte by byte. */
struct device_range {
	u8 space;		/* enum bus_space */
	u8 width;		/* 1, 2, 4, of memory also 8 */
	u64 first, last;
};

#define DEVICE_RANGES_MAX 4

/* A kind of device; constant, and shared by all devices of that kind. */
struct device_model {
	const char *name;	/* a row of abi/devices.def */
	u8 line;		/* the ISA interrupt it raises, if any */
	/* a tick does nothing but raise the line: none while nobody listens */
	bool line_only;
	struct device_range range[DEVICE_RANGES_MAX];	/* width 0: the end */
	/* values stand in the low bytes; what is above them is ignored */
	u64 (*read)(struct device *dev, struct bus_access at);
	void (*write)(struct device *dev, struct bus_access at, u64 value);
	/* does what was due by now, and calls device_due(); NULL: needs none */
	void (*tick)(struct device *dev, u64 now);
};

/* First in the struct of each device. */
struct device {
	const struct device_model *model;
	struct bus *bus;
	struct spinlock lock;
	bool level;		/* of its line */
	u64 due_tsc;		/* when it wants its tick; TSC_NEVER */
};

struct bus_range {
	u64 first, last;
	struct device *dev;	/* NULL: nobody's, and width is 0 */
	u32 width;
};

/* Where the lines lead. */
struct irq_lines {
	void (*set)(struct irq_lines *lines, unsigned int line, bool level);
	/* Whether raising the line could interrupt anybody. */
	bool (*listened)(const struct irq_lines *lines, unsigned int line);
};

enum bus_power { BUS_POWER_OFF, BUS_POWER_RESET };

struct bus {
	u64 next_tsc;		/* of the device that needs time next */
	struct spinlock lock;	/* of next_tsc */
	struct irq_lines *lines;
	/* what happens when a device switches the VM off or resets it */
	void (*power)(struct bus *bus, u32 vcpu, enum bus_power what);
	unsigned int devices, port_ranges, page_ranges;
	struct device *device[BUS_DEVICES_MAX];
	/* ranges of ports, as added from 1 on: 0 is nobody's */
	struct bus_range port_range[BUS_RANGES_MAX];
	u8 port[BUS_PORTS];	/* the range of each port */
	/* ranges of memory, ascending; behind the last one is nobody's */
	struct bus_range page_range[BUS_RANGES_MAX];
};

void bus_init(struct bus *bus, struct irq_lines *lines,
	      void (*power)(struct bus *bus, u32 vcpu, enum bus_power what));
/* Adds a device of that model with its ranges. -EEXIST: another device answers
 * in one of them; -EINVAL: one is not a range; -ENOMEM: the bus is full. */
int bus_add(struct bus *bus, struct device *dev,
	    const struct device_model *model);
/* One more range for a device that has been added. Fails likewise. */
int device_answer(struct device *dev, const struct device_range *range);

/* Where nobody answers, reads give all ones and writes do nothing. */
u32 bus_in(struct bus *bus, struct bus_access at);
void bus_out(struct bus *bus, struct bus_access at, u32 value);
u64 bus_read(struct bus *bus, struct bus_access at);
void bus_write(struct bus *bus, struct bus_access at, u64 value);

/* Ticks the devices that are due, and sets next_tsc. */
void bus_tick(struct bus *bus, u64 now);
/* After a change of what is listened to, or due: sets next_tsc. */
void bus_schedule(struct bus *bus);

/* When the device wants its next tick; from its operations, or with no lock
 * held. */
void device_due(struct device *dev, u64 tsc);

void device_line_move(struct device *dev, bool level);

/* Sets the level of the device's line; from its operations. */
static inline void device_line(struct device *dev, bool level)
{
	if (level != dev->level)
		device_line_move(dev, level);
}

#endif
