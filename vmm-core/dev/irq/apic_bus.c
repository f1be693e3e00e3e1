/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt messages on their way to local APICs: who is meant, and how it
 * reaches a vCPU of another CPU.
 */
#include "vmm-core/dev/irq/apic_bus.h"

#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/request.h"
#include "vmm-core/dev/irq/lapic.h"

enum shorthand {
	SHORTHAND_NONE,
	SHORTHAND_SELF,
	SHORTHAND_ALL,
	SHORTHAND_OTHERS,
};

#define DFR_FLAT	0xf0000000u

static bool matches_x2apic(const struct lapic *apic, u32 destination)
{
	/* cluster, and one bit for each of its 16 members */
	return destination >> 16 == apic->id >> 4 &&
	       destination & 1u << (apic->id & 15);
}

static bool matches_xapic(const struct lapic *apic, u32 destination)
{
	u32 logical_id = apic->ldr >> 24;

	if ((apic->dfr & DFR_FLAT) == DFR_FLAT)
		return destination & logical_id;
	return (destination ^ logical_id) >> 4 == 0 &&
	       destination & logical_id & 0xf;
}

static bool lapic_matches(const struct lapic *apic,
			  const struct apic_message *message)
{
	u32 destination = message->destination;

	if (!(apic->base & APIC_BASE_ENABLE))
		return false;
	/* everybody, as IOAPICs and xAPICs write it, and as x2APICs do */
	if (destination == ~0u || (destination == 0xff && !message->logical))
		return true;
	if (!message->logical)
		return destination == apic->id;
	if (lapic_x2apic(apic))
		return matches_x2apic(apic, destination);
	return matches_xapic(apic, destination);
}

void lapic_post(struct lapic *apic, u8 vector, bool level)
{
	u64 *level_word = &apic->posted_level.word[vector >> 6];
	u64 bit = BIT(vector & 63);

	if (apic->requests->cpu == this_cpu()) {
		lapic_raise(apic, vector, level);
		return;
	}
	if (level)
		__atomic_fetch_or(level_word, bit, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(level_word, ~bit, __ATOMIC_RELAXED);
	/* release: level before vector; partner: lapic_collect() */
	__atomic_fetch_or(&apic->posted.word[vector >> 6], bit,
			  __ATOMIC_RELEASE);
	request_post(apic->requests, REQUEST_IRQ);
}

static void deliver_one(struct lapic *apic, const struct apic_message *message)
{
	switch ((enum apic_delivery)message->delivery_mode) {
	case APIC_FIXED:
	case APIC_LOWEST:
		lapic_post(apic, message->vector, message->level);
		return;
	case APIC_NMI:
		request_post(apic->requests, REQUEST_NMI);
		return;
	case APIC_INIT:
		request_post(apic->requests, REQUEST_INIT);
		return;
	case APIC_SIPI:
		request_post_sipi(apic->requests, message->vector);
		return;
	case APIC_EXTINT:
		return;		/* the PIC has its own wire, to LINT0 */
	default:
		return;		/* SMI and the reserved mode: no such thing */
	}
}

static void send(struct apic_bus *bus, const struct apic_message *message,
		 enum shorthand shorthand, const struct lapic *from)
{
	unsigned int i;

	for (i = 0; i < bus->lapics; i++) {
		struct lapic *apic = bus->lapic[i];

		if (shorthand == SHORTHAND_OTHERS && apic == from)
			continue;
		if (shorthand == SHORTHAND_NONE && !lapic_matches(apic, message))
			continue;
		deliver_one(apic, message);
		/* lowest priority: one of those meant is enough */
		if (message->delivery_mode == APIC_LOWEST)
			return;
	}
}

void apic_bus_add(struct apic_bus *bus, struct lapic *apic)
{
	bus->lapic[bus->lapics++] = apic;
	apic->bus = bus;
}

void apic_bus_deliver(struct apic_bus *bus, const struct apic_message *message)
{
	send(bus, message, SHORTHAND_NONE, NULL);
}

void apic_bus_ipi(struct lapic *from, u64 icr)
{
	struct apic_message message = {
		.destination = (u32)(lapic_x2apic(from) ? icr >> 32 :
							  icr >> 56),
		.vector = (u8)icr,
		.delivery_mode = icr >> 8 & 7,
		.logical = icr & ICR_LOGICAL,
	};
	enum shorthand shorthand = ICR_SHORTHAND(icr);

	/* the de-assert of INIT means nothing since the Pentium 4 */
	if (message.delivery_mode == APIC_INIT && icr & ICR_LEVEL &&
	    !(icr & ICR_ASSERT))
		return;
	if (message.delivery_mode <= APIC_LOWEST && message.vector < 16)
		lapic_error(from, ESR_SEND_ILLEGAL);
	else if (shorthand == SHORTHAND_SELF)
		deliver_one(from, &message);
	else
		send(from->bus, &message, shorthand, from);
}

void apic_bus_extint(struct apic_bus *bus)
{
	struct lapic *first = bus->lapic[0];

	struct cpu *cpu = first->requests->cpu;

	if (cpu != this_cpu() && lapic_extint_enabled(first))
		cpu_kick(cpu);
}
