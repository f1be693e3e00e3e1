/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends itself an INIT, which on the only CPU is a reset of the machine. A
 * start-up IPI before it means nothing to a CPU that runs.
 */
#include "guests/runtime/guest.h"

#include "guests/runtime/apic.h"

void guest_main(void)
{
	guest_apic_enable();
	guest_apic_send(guest_apic_id(), ICR_STARTUP | ICR_ASSERT | 0x9a);
	guest_print("init-guest: now\n");
	guest_apic_send(guest_apic_id(), ICR_INIT | ICR_ASSERT);
	guest_print("init-guest: still alive\n");
}
