/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RFLAGS must outlive an exit. QEMU before 8.0 takes an older operand for the
 * flags behind CMPXCHG8B and CMPXCHG16B, where the instruction before that
 * operand's was POPF: an exit then hands the operand out as RFLAGS, and the
 * next entry loads it. Here the exits are OUT and, by its short way, CPUID;
 * after each, the guest looks at its RFLAGS. A CPU without CMPXCHG16B must
 * raise #UD, and an exit behind that changes no flag either.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/x86.h"

#define ROUNDS		20
#define CMPXCHG16B_BYTES 5
#define ECX1_CX16	(1u << 13)
#define RFLAGS_STATUS	0x8d5ull	/* OF SF ZF AF PF CF */
#define RFLAGS_CLEAN	2ull

/* Addresses of kernels look so; each flag is set in one of them. */
static const u64 operands[] = {
	0xffff8881821c70baull, 0xffff8881412c7686ull, 0xffff8881c1b263eaull,
	0x00007fffffffffffull,
};

static u64 memory[2] __aligned(16);

/* Memory and all registers that INSN has are zero: it stores zeros. */
#define FLAGS_AFTER(INSN, EXIT, operand) ({				\
	u64 flags_, rax_ = 0, rbx_ = 0, rcx_ = 0, rdx_ = 0, sum_ = 0;	\
									\
	asm volatile("pushfq\n\t"					\
		     "popfq\n\t"					\
		     "add %[op], %[sum]\n\t"				\
		     INSN " (%%rsi)\n\t"				\
		     EXIT "\n\t"					\
		     "pushfq\n\t"					\
		     "pop %[flags]\n\t"					\
		     : [flags] "=&r"(flags_), [sum] "+&r"(sum_),		\
		       "+a"(rax_), "+b"(rbx_), "+c"(rcx_), "+d"(rdx_)	\
		     : [op] "r"(operand), "S"(memory)			\
		     : "cc", "memory");					\
	flags_;								\
})

static bool spoilt(u64 flags)
{
	return (flags & ~RFLAGS_STATUS) != RFLAGS_CLEAN;
}

static u64 narrow(u64 operand)
{
	return spoilt(FLAGS_AFTER("lock cmpxchg8b", "out %%al, $0x80", operand)) +
	       spoilt(FLAGS_AFTER("lock cmpxchg8b", "cpuid", operand));
}

static u64 wide(u64 operand)
{
	return spoilt(FLAGS_AFTER("lock cmpxchg16b", "out %%al, $0x80", operand)) +
	       spoilt(FLAGS_AFTER("lock cmpxchg16b", "cpuid", operand));
}

void guest_main(void)
{
	u64 bad = 0, bad_wide = 0;

	guest_catch(CMPXCHG16B_BYTES);
	for (u64 i = 0; i < ROUNDS; i++) {
		bad += narrow(operands[i % ARRAY_SIZE(operands)]);
		bad_wide += wide(operands[i % ARRAY_SIZE(operands)]);
	}
	guest_print("flags-guest: bad ");
	guest_print_number(bad);
	guest_print(" and ");
	guest_print_number(bad_wide);
	guest_print(guest_faults ? ", #UD" : ", runs");
	guest_print(cpuid(1, 0).ecx & ECX1_CX16 ? ", has cx16\n" :
						   ", no cx16\n");
}
