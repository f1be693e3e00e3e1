/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC of the CPU that calls.
 */
#include "guests/runtime/apic.h"

#define MSR_APIC_BASE		0x1b
#define APIC_BASE_X2APIC	BIT(10)
#define APIC_BASE_ENABLE	BIT(11)
#define APIC_BASE_ADDRESS	0xfffff000ull
#define ECX1_X2APIC		BIT(21)
#define SVR_ENABLE		0x1ff

bool apic_x2apic;
volatile u32 *apic_page;

void guest_apic_enable(void)
{
	u64 base = rdmsr(MSR_APIC_BASE);

	apic_x2apic = cpuid(1, 0).ecx & ECX1_X2APIC;
	apic_page = (volatile u32 *)(base & APIC_BASE_ADDRESS);
	base |= APIC_BASE_ENABLE | (apic_x2apic ? APIC_BASE_X2APIC : 0);
	wrmsr(MSR_APIC_BASE, base);
	guest_apic_write(APIC_SVR, SVR_ENABLE);
}

u32 guest_apic_id(void)
{
	if (apic_x2apic)
		return (u32)rdmsr(0x800 + APIC_ID);
	return apic_page[APIC_ID * 4] >> 24;
}

void guest_apic_send(u32 destination, u32 command)
{
	if (apic_x2apic) {
		x2apic_write(APIC_ICR, (u64)destination << 32 | command);
		return;
	}
	xapic_write(APIC_ICR_HIGH, destination << 24);
	xapic_write(APIC_ICR, command);
}
