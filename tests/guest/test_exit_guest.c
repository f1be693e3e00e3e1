/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test kernel of the usual kind: asks the firmware's configuration how many
 * CPUs and how much RAM there are, and ends by the test device.
 */
#include "guests/runtime/guest.h"

#include "guests/runtime/loader.h"
#include "vmm-core/lib/x86.h"

#define FW_CFG_SELECTOR	0x510
#define FW_CFG_DATA	0x511
#define TEST_DEVICE	0xf4
#define VALUE		3	/* of it becomes 7 */

static u64 fw_cfg(u16 item, int bytes)
{
	u64 value = 0;

	asm volatile("outw %0, %1" : : "a"(item), "Nd"((u16)FW_CFG_SELECTOR));
	for (int i = 0; i < bytes; i++)
		value |= (u64)inb(FW_CFG_DATA) << 8 * i;
	return value;
}

void guest_main(void)
{
	guest_print("test_exit-guest: signature ");
	guest_print_number(fw_cfg(0, 4));
	guest_print(" cpus ");
	guest_print_number(fw_cfg(5, 2));
	guest_print(" of ");
	guest_print_number(fw_cfg(0xf, 2));
	guest_print(" MiB ");
	guest_print_number(fw_cfg(3, 8) >> 20);
	guest_print(" unknown ");
	guest_print_number(fw_cfg(0x1234, 8));
	guest_print("\n");
	outl(TEST_DEVICE, VALUE);
	guest_print("test_exit-guest: still here\n");
}
