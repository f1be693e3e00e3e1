/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt messages on their way to local APICs: who is meant, and how it
 * reaches a vCPU of another CPU.
 */
#include "vmm-core/dev/irq/lapic_internal.h"

#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/request.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* ICR */
#define ICR_LOGICAL	BIT(11)
#define ICR_ASSERT	BIT(14)
#define ICR_LEVEL	BIT(15)
#define ICR_SHORTHAND(v) ((v) >> 18 & 3)

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

void lapic_post(struct vcpu *vcpu, u8 vector, bool level)
{
	struct lapic *apic = &vcpu->lapic;
	u64 *level_word = &apic->posted_level.word[vector >> 6];
	u64 bit = BIT(vector & 63);

	if (vcpu->cpu == this_cpu()) {
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
	request_post(&vcpu->requests, REQUEST_IRQ);
}

static void deliver_one(struct vcpu *vcpu, const struct apic_message *message)
{
	switch ((enum apic_delivery)message->delivery_mode) {
	case APIC_FIXED:
	case APIC_LOWEST:
		lapic_post(vcpu, message->vector, message->level);
		return;
	case APIC_NMI:
		request_post(&vcpu->requests, REQUEST_NMI);
		return;
	case APIC_INIT:
		request_post(&vcpu->requests, REQUEST_INIT);
		return;
	case APIC_SIPI:
		request_post_sipi(&vcpu->requests, message->vector);
		return;
	case APIC_EXTINT:
		return;		/* the PIC has its own wire, to LINT0 */
	default:
		return;		/* SMI and the reserved mode: no such thing */
	}
}

static void send(struct vm *vm, const struct apic_message *message,
		 enum shorthand shorthand, const struct vcpu *from)
{
	unsigned int i;

	for (i = 0; i < vm->vcpus; i++) {
		struct vcpu *vcpu = vm->vcpu[i];

		if (shorthand == SHORTHAND_OTHERS && vcpu == from)
			continue;
		if (shorthand == SHORTHAND_NONE &&
		    !lapic_matches(&vcpu->lapic, message))
			continue;
		deliver_one(vcpu, message);
		/* lowest priority: one of those meant is enough */
		if (message->delivery_mode == APIC_LOWEST)
			return;
	}
}

void lapic_deliver(struct vm *vm, const struct apic_message *message)
{
	send(vm, message, SHORTHAND_NONE, NULL);
}

void lapic_send_ipi(struct vcpu *vcpu, u64 icr)
{
	struct lapic *apic = &vcpu->lapic;
	struct apic_message message = {
		.destination = (u32)(lapic_x2apic(apic) ? icr >> 32 :
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
		lapic_error(apic, ESR_SEND_ILLEGAL);
	else if (shorthand == SHORTHAND_SELF)
		deliver_one(vcpu, &message);
	else
		send(vcpu->vm, &message, shorthand, vcpu);
}
