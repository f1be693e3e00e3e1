/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults of the CPU, found by trying.
 *
 * QEMU keeps RFLAGS as the operands of the last arithmetic and the kind of
 * it. Before 8.0, its CMPXCHG16B takes the operands of that arithmetic with
 * the kind of an older one: behind POPF, whose operand is RFLAGS itself, an
 * operand becomes RFLAGS. CMPXCHG8B does the same, but no 64-bit kernel
 * starts on a CPU without it.
 */
#include "vmm-core/cpu/cpu_faults.h"

#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"

struct cpu_faults cpu_faults;

/* RFLAGS behind an ADD of all reserved bits and a CMPXCHG16B. */
static u64 flags_behind_cmpxchg16b(void)
{
	static u64 memory[2] __aligned(16);
	u64 flags, rax = 0, rbx = 0, rcx = 0, rdx = 0, sum = 0;

	asm volatile("pushfq\n\t"
		     "popfq\n\t"
		     "add %[reserved], %[sum]\n\t"
		     "lock cmpxchg16b %[memory]\n\t"
		     "pushfq\n\t"
		     "pop %[flags]"
		     : [flags] "=r"(flags), [memory] "+m"(memory),
		       [sum] "+r"(sum), "+a"(rax), "+b"(rbx), "+c"(rcx),
		       "+d"(rdx)
		     : [reserved] "r"((u64)RFLAGS_RESERVED)
		     : "cc");
	return flags;
}

void cpu_faults_find(void)
{
	if (!(cpuid(1, 0).ecx & CPUID1_ECX_CX16) ||
	    !(flags_behind_cmpxchg16b() & RFLAGS_RESERVED))
		return;
	cpu_faults.cmpxchg16b_flags = true;
	printk("CMPXCHG16B of this CPU loses RFLAGS (QEMU before 8.0): guests' CPUID hides it\n");
}
