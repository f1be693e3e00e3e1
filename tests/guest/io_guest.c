/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Port I/O of every width, and strings, to a port that nobody owns: reads
 * give all ones. The string form is one exit an element or one for all, as
 * the core likes; the single ones are one exit each.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/x86.h"

#define PORT	0x2e0		/* of no device */
#define ROUNDS	50

void guest_main(void)
{
	static u8 buffer[64];
	void *p = buffer;
	u64 n = sizeof(buffer), bad = 0;

	for (int i = 0; i < ROUNDS; i++) {
		outb(PORT, i);
		outl(PORT, i);
		bad += inb(PORT) != 0xff;
		bad += inl(PORT) != ~0u;
	}
	asm volatile("cld; rep insb" : "+D"(p), "+c"(n) : "d"(PORT) : "memory");
	bad += n != 0 || p != buffer + sizeof(buffer);
	for (size_t i = 0; i < sizeof(buffer); i++)
		bad += buffer[i] != 0xff;
	p = buffer;
	n = sizeof(buffer);
	asm volatile("rep outsb" : "+S"(p), "+c"(n) : "d"(PORT) : "memory");
	bad += n != 0 || p != buffer + sizeof(buffer);
	/* no REP: one element; a count of nothing: none */
	p = buffer;
	asm volatile("insl" : "+D"(p) : "d"(PORT) : "memory");
	bad += p != buffer + 4;
	n = 0;
	asm volatile("rep insb" : "+D"(p), "+c"(n) : "d"(PORT) : "memory");
	bad += p != buffer + 4;
	guest_print("io-guest: bad ");
	guest_print_number(bad);
	guest_print("\n");
}
