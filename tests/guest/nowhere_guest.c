/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and writes guest-physical addresses where neither RAM nor a device
 * is: as on a PC, writes vanish and reads give all ones.
 */
#include "guests/runtime/guest.h"

#define NOWHERE 0xd0000000ull
#define ROUNDS	20

void guest_main(void)
{
	volatile u32 *p = (volatile u32 *)NOWHERE;
	u64 bad = 0;

	for (int i = 0; i < ROUNDS; i++) {
		*p = i;
		if (*p != ~0u)
			bad++;
	}
	guest_print("nowhere-guest: bad ");
	guest_print_number(bad);
	guest_print("\n");
}
