/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Halts with interrupts off, as a kernel does that cannot switch its machine
 * off. First it shows that a HLT with interrupts on does not end it, although
 * what wakes it comes late.
 */
#include "guests/runtime/guest.h"

#include "guests/runtime/apic.h"
#include "vmm-core/lib/x86.h"

#define VECTOR			0x40
#define SLEEP_TICKS		20000000
#define MSR_TSC_DEADLINE	0x6e0
#define LVT_TSC_DEADLINE	(2u << 17)

static __attribute__((interrupt)) void wake(struct interrupt_frame *frame)
{
	(void)frame;
	guest_apic_write(APIC_EOI, 0);
}

void guest_main(void)
{
	guest_set_interrupt(VECTOR, (u64)wake);
	guest_apic_enable();
	guest_apic_write(APIC_LVT_TIMER, VECTOR | LVT_TSC_DEADLINE);
	wrmsr(MSR_TSC_DEADLINE, rdtsc() + SLEEP_TICKS);
	irq_wait();
	/* the next one would come, but not through */
	wrmsr(MSR_TSC_DEADLINE, rdtsc() + SLEEP_TICKS);
	guest_print("halt-guest: now\n");
	asm volatile("cli; hlt");
	guest_print("halt-guest: still alive\n");
}
