/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IOAPIC. Polarity is not modelled: a line is asserted or not, and what
 * voltage that would be is between the guest and its tables.
 */
#include "vmm-core/dev/irq/ioapic.h"

#include "vmm-core/dev/irq/apic_bus.h"
#include "vmm-core/dev/irq/apic_page.h"
#include "vmm-core/lib/apic_regs.h"
#include "vmm-core/lib/string.h"

#define IOREGSEL	0x00
#define IOWIN		0x10

#define IOAPICID	0x00
#define IOAPICVER	0x01
#define IOAPICARB	0x02
#define IOREDTBL	0x10

#define IOAPIC_VERSION	0x11

/* Redirection table entry */
#define REDIR_VECTOR	0xffull
#define REDIR_LOGICAL	BIT(11)
#define REDIR_STATUS	BIT(12)
#define REDIR_REMOTE_IRR BIT(14)
#define REDIR_LEVEL	BIT(15)
#define REDIR_MASKED	BIT(16)
#define REDIR_WRITABLE	(0xff000000000000ffull | 0x700 | REDIR_LOGICAL | \
			 BIT(13) | REDIR_LEVEL | REDIR_MASKED)

void ioapic_init(struct ioapic *ioapic)
{
	unsigned int pin;

	memset(ioapic, 0, sizeof(*ioapic));
	for (pin = 0; pin < IOAPIC_PINS; pin++)
		ioapic->entry[pin] = REDIR_MASKED;
}

bool ioapic_listens(const struct ioapic *ioapic, unsigned int pin)
{
	return pin < IOAPIC_PINS && !(ioapic->entry[pin] & REDIR_MASKED);
}

static void pin_deliver(struct ioapic *ioapic, u64 *entry)
{
	struct apic_message message = {
		.destination = (u32)(*entry >> 56),
		.vector = (u8)(*entry & REDIR_VECTOR),
		.delivery_mode = *entry >> 8 & 7,
		.logical = *entry & REDIR_LOGICAL,
		.level = *entry & REDIR_LEVEL,
	};

	if (message.level)
		*entry |= REDIR_REMOTE_IRR;
	apic_bus_deliver(ioapic->apics, &message);
}

/* A level input speaks once, then waits for the EOI. */
static void pin_check_level(struct ioapic *ioapic, unsigned int pin)
{
	u64 *entry = &ioapic->entry[pin];

	if (!(ioapic->lines & BIT(pin)) || !(*entry & REDIR_LEVEL) ||
	    *entry & (REDIR_MASKED | REDIR_REMOTE_IRR))
		return;
	pin_deliver(ioapic, entry);
}

static void pin_set(struct ioapic *ioapic, unsigned int pin, bool level)
{
	bool was = ioapic->lines & BIT(pin);

	if (!level) {
		ioapic->lines &= ~(u32)BIT(pin);
		return;
	}
	ioapic->lines |= (u32)BIT(pin);
	if (ioapic->entry[pin] & REDIR_LEVEL)
		pin_check_level(ioapic, pin);
	else if (!was && !(ioapic->entry[pin] & REDIR_MASKED))
		pin_deliver(ioapic, &ioapic->entry[pin]);
}

void ioapic_set_line(struct ioapic *ioapic, unsigned int pin, bool level)
{
	if (pin >= IOAPIC_PINS)
		return;
	spin_lock(&ioapic->dev.lock);
	pin_set(ioapic, pin, level);
	spin_unlock(&ioapic->dev.lock);
}

/* A local APIC ended this level-triggered vector. */
static void ioapic_eoi(void *listener, u8 vector)
{
	struct ioapic *ioapic = listener;
	unsigned int pin;

	spin_lock(&ioapic->dev.lock);
	for (pin = 0; pin < IOAPIC_PINS; pin++) {
		u64 *entry = &ioapic->entry[pin];

		if ((*entry & REDIR_VECTOR) != vector ||
		    !(*entry & REDIR_REMOTE_IRR))
			continue;
		*entry &= ~REDIR_REMOTE_IRR;
		pin_check_level(ioapic, pin);
	}
	spin_unlock(&ioapic->dev.lock);
}

static u32 ioapic_register_read(const struct ioapic *ioapic)
{
	unsigned int pin = (ioapic->select - IOREDTBL) / 2u;

	switch (ioapic->select) {
	case IOAPICID:
	case IOAPICARB:
		return (u32)ioapic->id << 24;
	case IOAPICVER:
		return (IOAPIC_PINS - 1) << 16 | IOAPIC_VERSION;
	}
	if (ioapic->select < IOREDTBL || pin >= IOAPIC_PINS)
		return 0;
	return (u32)(ioapic->entry[pin] >> (ioapic->select & 1 ? 32 : 0));
}

static void entry_write(struct ioapic *ioapic, unsigned int pin, bool high,
			u32 value)
{
	u64 *entry = &ioapic->entry[pin], old = *entry;
	unsigned int shift = high ? 32 : 0;
	u64 writable = REDIR_WRITABLE & (0xffffffffull << shift);

	*entry = (*entry & ~writable) | ((u64)value << shift & writable);
	/* making it an edge and a level again is how an EOI is forced */
	if (!(*entry & REDIR_LEVEL))
		*entry &= ~REDIR_REMOTE_IRR;
	pin_check_level(ioapic, pin);
	/* masks decide which timers are heard */
	if ((*entry ^ old) & REDIR_MASKED)
		bus_schedule(ioapic->dev.bus);
}

u32 ioapic_read(const struct ioapic *ioapic, u32 offset)
{
	switch (offset) {
	case IOREGSEL:
		return ioapic->select;
	case IOWIN:
		return ioapic_register_read(ioapic);
	}
	return 0;
}

void ioapic_write(struct ioapic *ioapic, u32 offset, u32 value)
{
	unsigned int pin = (ioapic->select - IOREDTBL) / 2u;

	if (offset == IOREGSEL)
		ioapic->select = (u8)value;
	if (offset != IOWIN)
		return;
	if (ioapic->select == IOAPICID)
		ioapic->id = value >> 24 & 0xf;
	else if (ioapic->select >= IOREDTBL && pin < IOAPIC_PINS)
		entry_write(ioapic, pin, ioapic->select & 1, value);
}

static u64 ioapic_page_read(struct device *dev, struct bus_access at)
{
	const struct ioapic *ioapic = (const struct ioapic *)dev;

	return apic_page_value(ioapic_read(ioapic, apic_page_offset(at)), at);
}

static void ioapic_page_write(struct device *dev, struct bus_access at,
			      u64 value)
{
	if (apic_page_whole(at))
		ioapic_write((struct ioapic *)dev, apic_page_offset(at),
			     (u32)value);
}

static const struct device_model ioapic_model = {
	.name = "ioapic",
	.range = { { BUS_MEMORY, 8, IOAPIC_GPA, IOAPIC_GPA + 0xfff } },
	.read = ioapic_page_read,
	.write = ioapic_page_write,
};

int ioapic_add(struct ioapic *ioapic, struct bus *bus, struct apic_bus *apics)
{
	ioapic->apics = apics;
	apics->eoi = ioapic_eoi;
	apics->listener = ioapic;
	return bus_add(bus, &ioapic->dev, &ioapic_model);
}

bool ioapic_wakes_all(const struct ioapic *ioapic)
{
	for (unsigned int pin = 0; pin < IOAPIC_PINS; pin++) {
		u8 mode = ioapic->entry[pin] >> 8 & 7;

		if (ioapic_listens(ioapic, pin) &&
		    (mode == APIC_NMI || mode == APIC_INIT))
			return true;
	}
	return false;
}
