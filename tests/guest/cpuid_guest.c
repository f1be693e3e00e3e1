/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cost of a CPUID exit, guest to guest: a counted loop of them between
 * two TSC readings, less the same loop without. On the deterministic machine
 * the TSC counts instructions, and the figure is exact.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/x86.h"

#define ROUNDS 10000

static u64 loop_empty(void)
{
	u64 start = rdtsc();

	for (u64 n = ROUNDS; n; n--)
		asm volatile("" : "+r"(n) : : "eax", "ebx", "ecx", "edx");
	return rdtsc() - start;
}

static u64 loop_cpuid(void)
{
	u64 start = rdtsc();

	for (u64 n = ROUNDS; n; n--)
		asm volatile("cpuid"
			     : "+r"(n) : : "eax", "ebx", "ecx", "edx");
	return rdtsc() - start;
}

void guest_main(void)
{
	u64 empty = loop_empty();
	u64 all = loop_cpuid();

	guest_print("cpuid-guest: rounds ");
	guest_print_number(ROUNDS);
	guest_print(" empty ");
	guest_print_number(empty);
	guest_print(" all ");
	guest_print_number(all);
	guest_print(" each-milli ");
	guest_print_number((all - empty) * 1000 / ROUNDS);
	guest_print("\n");
}
