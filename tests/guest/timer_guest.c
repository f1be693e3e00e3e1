/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sleeps until the local APIC's timer: TSC deadline where CPUID has it,
 * else one-shot. Every sleep is one HLT exit.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/dev/irq/lapic.h"
#include "vmm-core/lib/x86.h"

#define ROUNDS			20
#define VECTOR			0x40
#define SLEEP_TICKS		1000000
#define X2APIC_ENABLE		(1u << 10)
#define X2APIC_EOI		0x80b
#define X2APIC_SVR		0x80f
#define X2APIC_LVT_TIMER	0x832
#define X2APIC_TIMER_INITIAL	0x838
#define LVT_TSC_DEADLINE	(2u << 17)
#define SVR_ENABLE		0x1ff

static volatile u64 ticks;

static __attribute__((interrupt)) void tick(struct interrupt_frame *frame)
{
	(void)frame;
	ticks++;
	wrmsr(X2APIC_EOI, 0);
}

static void arm(bool deadline)
{
	if (deadline)
		wrmsr(MSR_TSC_DEADLINE, rdtsc() + SLEEP_TICKS);
	else
		wrmsr(X2APIC_TIMER_INITIAL, SLEEP_TICKS);
}

void guest_main(void)
{
	bool deadline = cpuid(1, 0).ecx & 1u << 24;

	guest_set_interrupt(VECTOR, (u64)tick);
	wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | X2APIC_ENABLE);
	wrmsr(X2APIC_SVR, SVR_ENABLE);
	wrmsr(X2APIC_LVT_TIMER, VECTOR | (deadline ? LVT_TSC_DEADLINE : 0));
	for (u64 i = 0; i < ROUNDS; i++) {
		arm(deadline);
		while (ticks == i)
			irq_wait();
	}
	guest_print("timer-guest: ticks ");
	guest_print_number(ticks);
	guest_print(deadline ? " by deadline\n" : " by count\n");
}
