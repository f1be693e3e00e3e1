/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is in exits five sixths of the time: one string instruction after the
 * other, each of thousands of reads from a port that nobody owns. A test that stops
 * the machine stops it most likely in an exit.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/x86.h"

#define PORT		0x2e0		/* of no device */
#define BUSY_TICKS	10000000000ull

void guest_main(void)
{
	static u8 buffer[2048];
	u64 start = rdtsc();

	while (rdtsc() - start < BUSY_TICKS) {
		void *to = buffer;
		u64 count = sizeof(buffer);

		asm volatile("cld; rep insb"
			     : "+D"(to), "+c"(count) : "d"(PORT) : "memory");
	}
	guest_print("busy-guest: end\n");
}
