/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IOAPIC (82093AA): 24 inputs, each with a redirection entry that makes
 * an interrupt message of it.
 */
#ifndef VMM_CORE_DEV_IRQ_IOAPIC_H
#define VMM_CORE_DEV_IRQ_IOAPIC_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/lib/types.h"

struct apic_bus;

#define IOAPIC_GPA	0xfec00000ull
#define IOAPIC_PINS	24

struct ioapic {
	struct device dev;
	struct apic_bus *apics;	/* takes the messages */
	u64 entry[IOAPIC_PINS];
	u32 lines;		/* inputs that are asserted */
	u8 select, id;
};

void ioapic_init(struct ioapic *ioapic);
/* Puts its page on the bus, and itself at the end of the wire. */
int ioapic_add(struct ioapic *ioapic, struct bus *bus, struct apic_bus *apics);
void ioapic_set_line(struct ioapic *ioapic, unsigned int pin, bool level);
/* An edge on this input would make a message. */
bool ioapic_listens(const struct ioapic *ioapic, unsigned int pin);
/* Some input would send an NMI or INIT, which a CPU hears whatever its IF. */
bool ioapic_wakes_all(const struct ioapic *ioapic);

/* The page at IOAPIC_GPA. */
u32 ioapic_read(const struct ioapic *ioapic, u32 offset);
void ioapic_write(struct ioapic *ioapic, u32 offset, u32 value);

#endif
