/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IOAPIC. Polarity is not modelled: a line is asserted or not, and what
 * voltage that would be is between the guest and its tables.
 */
#include "vmm-core/dev/irq/ioapic.h"

#include "vmm-core/dev/irq/lapic.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

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

static void pin_deliver(struct vm *vm, u64 *entry)
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
	lapic_deliver(vm, &message);
}

/* A level input speaks once, then waits for the EOI. */
static void pin_check_level(struct vm *vm, unsigned int pin)
{
	struct ioapic *ioapic = &vm->platform.ioapic;
	u64 *entry = &ioapic->entry[pin];

	if (!(ioapic->lines & BIT(pin)) || !(*entry & REDIR_LEVEL) ||
	    *entry & (REDIR_MASKED | REDIR_REMOTE_IRR))
		return;
	pin_deliver(vm, entry);
}

void ioapic_set_line(struct vm *vm, unsigned int pin, bool level)
{
	struct ioapic *ioapic = &vm->platform.ioapic;
	bool was;

	if (pin >= IOAPIC_PINS)
		return;
	was = ioapic->lines & BIT(pin);
	if (!level) {
		ioapic->lines &= ~(u32)BIT(pin);
		return;
	}
	ioapic->lines |= (u32)BIT(pin);
	if (ioapic->entry[pin] & REDIR_LEVEL)
		pin_check_level(vm, pin);
	else if (!was && !(ioapic->entry[pin] & REDIR_MASKED))
		pin_deliver(vm, &ioapic->entry[pin]);
}

void ioapic_eoi(struct vm *vm, u8 vector)
{
	struct ioapic *ioapic = &vm->platform.ioapic;
	unsigned int pin;

	for (pin = 0; pin < IOAPIC_PINS; pin++) {
		u64 *entry = &ioapic->entry[pin];

		if ((*entry & REDIR_VECTOR) != vector ||
		    !(*entry & REDIR_REMOTE_IRR))
			continue;
		*entry &= ~REDIR_REMOTE_IRR;
		pin_check_level(vm, pin);
	}
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

static void entry_write(struct vm *vm, unsigned int pin, bool high, u32 value)
{
	u64 *entry = &vm->platform.ioapic.entry[pin];
	unsigned int shift = high ? 32 : 0;
	u64 writable = REDIR_WRITABLE & (0xffffffffull << shift);

	*entry = (*entry & ~writable) | ((u64)value << shift & writable);
	/* making it an edge and a level again is how an EOI is forced */
	if (!(*entry & REDIR_LEVEL))
		*entry &= ~REDIR_REMOTE_IRR;
	pin_check_level(vm, pin);
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

void ioapic_write(struct vm *vm, u32 offset, u32 value)
{
	struct ioapic *ioapic = &vm->platform.ioapic;
	unsigned int pin = (ioapic->select - IOREDTBL) / 2u;

	if (offset == IOREGSEL)
		ioapic->select = (u8)value;
	if (offset != IOWIN)
		return;
	if (ioapic->select == IOAPICID)
		ioapic->id = value >> 24 & 0xf;
	else if (ioapic->select >= IOREDTBL && pin < IOAPIC_PINS)
		entry_write(vm, pin, ioapic->select & 1, value);
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
