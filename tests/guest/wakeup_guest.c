/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Goes to sleep as every kernel does: an interrupt waits while IF is clear,
 * then STI and HLT. The shadow of STI covers HLT, so the interrupt must come
 * behind HLT and wake the CPU; one that comes before HLT is a lost wake-up.
 * An exit stands directly before STI: entering the guest must not spoil it.
 */
#include "guests/runtime/guest.h"

#include "guests/runtime/apic.h"
#include "vmm-core/lib/x86.h"

#define ROUNDS			50
#define VECTOR			0x40
#define HLT_BYTES		1
#define MSR_X2APIC_SELF_IPI	(0x800 + X2APIC_SELF_IPI)

extern const char sleep_hlt[];
static volatile u64 early, woken;

static __attribute__((interrupt)) void wake(struct interrupt_frame *frame)
{
	if (frame->ip == (u64)sleep_hlt) {
		early++;
		/* it would sleep for ever */
		frame->ip += HLT_BYTES;
	} else {
		woken++;
	}
	guest_apic_write(APIC_EOI, 0);
}

/* The write to the APIC exits; STI is the first instruction after it. */
static __attribute__((noinline)) void sleep_with_interrupt_waiting(void)
{
	asm volatile("wrmsr\n\t"
		     "sti\n"
		     "sleep_hlt:\n\t"
		     "hlt\n\t"
		     "cli"
		     : : "c"(MSR_X2APIC_SELF_IPI), "a"(VECTOR), "d"(0)
		     : "memory");
}

void guest_main(void)
{
	guest_set_interrupt(VECTOR, (u64)wake);
	guest_apic_enable();
	for (int i = 0; i < ROUNDS; i++)
		sleep_with_interrupt_waiting();
	guest_print("wakeup-guest: early ");
	guest_print_number(early);
	guest_print(" woken ");
	guest_print_number(woken);
	guest_print("\n");
}
