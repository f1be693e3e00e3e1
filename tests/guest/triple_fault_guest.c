/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dies for good: an exception without an interrupt table. The core must
 * survive it, say where it was, and keep the exits recorded before.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/x86.h"

void guest_main(void)
{
	static const struct {
		u16 limit;
		u64 base;
	} __packed none;

	for (int i = 0; i < 10; i++)
		cpuid(0, 0);
	guest_print("triple_fault-guest: now\n");
	asm volatile("lidt %0; ud2" : : "m"(none));
	guest_print("triple_fault-guest: still alive\n");
}
