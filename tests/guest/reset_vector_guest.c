/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Goes where kernels go that want to be reset by the BIOS: F000:FFF0. What is
 * there means the same to 16-bit and to 64-bit code.
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
