/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jumps to F000:FFF0, as kernels do that want the BIOS to reset the machine.
 * The code there means the same to 16-bit and to 64-bit CPUs.
 */
#include "guests/runtime/guest.h"

#define RESET_VECTOR 0xffff0ull

void guest_main(void)
{
	void (*reset)(void) = (void (*)(void))RESET_VECTOR;

	guest_print("reset_vector-guest: now\n");
	reset();
	guest_print("reset_vector-guest: still here\n");
}
