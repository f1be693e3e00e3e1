/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wire between the interrupt controllers of a VM: messages go to local
 * APICs, the ends of level-triggered interrupts back to the IOAPIC.
 */
#ifndef VMM_CORE_DEV_IRQ_APIC_BUS_H
#define VMM_CORE_DEV_IRQ_APIC_BUS_H

#include "vmm-core/lib/types.h"

struct lapic;

#define APIC_BUS_LAPICS_MAX	16

/* An interrupt message on the way from an IOAPIC, an MSI or an IPI. */
struct apic_message {
	u32 destination;
	u8 vector;
	u8 delivery_mode;	/* enum apic_delivery */
	bool logical, level;
};

struct apic_bus {
	unsigned int lapics;
	struct lapic *lapic[APIC_BUS_LAPICS_MAX];
	/* hears the end of each level-triggered vector */
	void (*eoi)(void *listener, u8 vector);
	void *listener;
};

/* The next local APIC; they are numbered in this order. */
void apic_bus_add(struct apic_bus *bus, struct lapic *apic);
void apic_bus_deliver(struct apic_bus *bus, const struct apic_message *message);
/* Sends what a write to a local APIC's ICR asks for. */
void apic_bus_ipi(struct lapic *from, u64 icr);
/* The PIC's INTR has risen: it is wired to the first local APIC alone. */
void apic_bus_extint(struct apic_bus *bus);
/* Sets the vector pending on a vCPU of any CPU, and kicks that CPU. */
void lapic_post(struct lapic *apic, u8 vector, bool level);

static inline void apic_bus_eoi(struct apic_bus *bus, u8 vector)
{
	bus->eoi(bus->listener, vector);
}

#endif
