/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks for what the core does not offer: virtualization instructions, each
 * of which must be #UD as on a CPU without them (EFER.SVME is not set).
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/x86.h"

void guest_main(void)
{
	guest_catch(3);
	asm volatile("vmrun %%rax" : : "a"(0x1000));
	asm volatile("vmload %%rax" : : "a"(0x1000));
	asm volatile("vmsave %%rax" : : "a"(0x1000));
	asm volatile("stgi");
	asm volatile("clgi");
	asm volatile("vmcall" : : "a"(0));
	guest_print("unsupported-guest: faults ");
	guest_print_number(guest_faults);
	guest_print("\n");
}
