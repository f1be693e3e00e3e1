/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 128-bit division that gcc calls by this name: times and frequencies
 * are multiplied before they are divided. All divisors have 64 bits.
 */
#include "vmm-core/lib/types.h"

unsigned __int128 __udivti3(unsigned __int128 a, unsigned __int128 b);

unsigned __int128 __udivti3(unsigned __int128 a, unsigned __int128 b)
{
	u64 divisor = (u64)b;
	u64 high = (u64)(a >> 64);
	u64 low = (u64)a;
	u64 quotient_high = high / divisor;
	u64 rest = high % divisor;

	/* rest < divisor, so the quotient fits and there is no #DE */
	asm("divq %[divisor]"
	    : "+d"(rest), "+a"(low) : [divisor] "r"(divisor));
	return (unsigned __int128)quotient_high << 64 | low;
}
