/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Model-specific registers: ones the core keeps itself, and ones that do
 * not exist, which are #GP.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/dev/irq/lapic.h"
#include "vmm-core/lib/x86.h"

#define ROUNDS		30
#define NO_SUCH_MSR	0x4d4f4e45

void guest_main(void)
{
	u64 base = rdmsr(MSR_APIC_BASE);
	u64 bad = 0;

	guest_catch(2);
	for (int i = 1; i < ROUNDS; i++)
		bad += rdmsr(MSR_APIC_BASE) != base;
	for (int i = 0; i < ROUNDS; i++)
		wrmsr(MSR_APIC_BASE, base);
	for (int i = 0; i < ROUNDS; i++)
		rdmsr(NO_SUCH_MSR);
	for (int i = 0; i < ROUNDS; i++)
		wrmsr(NO_SUCH_MSR, i);
	guest_print("msr-guest: bad ");
	guest_print_number(bad);
	guest_print(" faults ");
	guest_print_number(guest_faults);
	guest_print("\n");
}
