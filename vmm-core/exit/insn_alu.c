/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function an operation; each runs it in the four operand sizes, between
 * loading the guest's status flags and storing what became of them.
 */
#include "vmm-core/exit/insn_alu.h"

/* The red zone of a hosted test's caller is left alone. */
#define FLAGS_LOAD	"lea -128(%%rsp), %%rsp; pushfq\n\t"		\
			"andq %[others], (%%rsp)\n\t"			\
			"orq %[flags], (%%rsp); popfq\n\t"
#define FLAGS_STORE	"\n\tpushfq; popq %[flags]\n\t"			\
			"lea 128(%%rsp), %%rsp"

#define RUN(text)							\
	asm volatile(FLAGS_LOAD text FLAGS_STORE			\
		     : [dst] "+r"(a->dst), [flags] "+r"(*flags)		\
		     : [src] "r"(a->src), [count] "c"(a->count),	\
		       [others] "i"(~(s64)RFLAGS_STATUS) : "cc", "memory")

/* by accumulator */
#define RUN_A(text)							\
	asm volatile(FLAGS_LOAD text FLAGS_STORE			\
		     : [dst] "+a"(a->dst), [high] "+d"(a->high),	\
		       [flags] "+r"(*flags)				\
		     : [src] "r"(a->src),				\
		       [others] "i"(~(s64)RFLAGS_STATUS) : "cc", "memory")

/* operands in assembly; size is the register's letter */
#define ONE(size)	" %" size "[dst]"
#define TWO(size)	" %" size "[src], %" size "[dst]"
#define SHIFT(size)	" %b[count], %" size "[dst]"
#define THREE(size)	" %b[count], %" size "[src], %" size "[dst]"
#define SOURCE(size)	" %" size "[src]"

#define WIDE_CASES(run, mnemonic, operands)				\
	case 2: run(mnemonic "w" operands("w")); break;			\
	case 4: run(mnemonic "l" operands("k")); break;			\
	case 8: run(mnemonic "q" operands("q")); break

#define ALL_SIZES(name, run, mnemonic, operands)			\
static void alu_##name(struct insn_alu *a, u8 bytes, u64 *flags)	\
{									\
	switch (bytes) {						\
	case 1: run(mnemonic "b" operands("b")); break;			\
	WIDE_CASES(run, mnemonic, operands);				\
	}								\
}

#define WIDE_SIZES(name, run, mnemonic, operands)			\
static void alu_##name(struct insn_alu *a, u8 bytes, u64 *flags)	\
{									\
	switch (bytes) {						\
	WIDE_CASES(run, mnemonic, operands);				\
	}								\
}

#define ALU_OPS								\
	ALU(ALL_SIZES, ADD, RUN, "add", TWO)				\
	ALU(ALL_SIZES, OR, RUN, "or", TWO)				\
	ALU(ALL_SIZES, ADC, RUN, "adc", TWO)				\
	ALU(ALL_SIZES, SBB, RUN, "sbb", TWO)				\
	ALU(ALL_SIZES, AND, RUN, "and", TWO)				\
	ALU(ALL_SIZES, SUB, RUN, "sub", TWO)				\
	ALU(ALL_SIZES, XOR, RUN, "xor", TWO)				\
	ALU(ALL_SIZES, CMP, RUN, "cmp", TWO)				\
	ALU(ALL_SIZES, TEST, RUN, "test", TWO)				\
	ALU(ALL_SIZES, ROL, RUN, "rol", SHIFT)				\
	ALU(ALL_SIZES, ROR, RUN, "ror", SHIFT)				\
	ALU(ALL_SIZES, RCL, RUN, "rcl", SHIFT)				\
	ALU(ALL_SIZES, RCR, RUN, "rcr", SHIFT)				\
	ALU(ALL_SIZES, SHL, RUN, "shl", SHIFT)				\
	ALU(ALL_SIZES, SHR, RUN, "shr", SHIFT)				\
	ALU(ALL_SIZES, SAL, RUN, "sal", SHIFT)				\
	ALU(ALL_SIZES, SAR, RUN, "sar", SHIFT)				\
	ALU(ALL_SIZES, NOT, RUN, "not", ONE)				\
	ALU(ALL_SIZES, NEG, RUN, "neg", ONE)				\
	ALU(ALL_SIZES, INC, RUN, "inc", ONE)				\
	ALU(ALL_SIZES, DEC, RUN, "dec", ONE)				\
	ALU(WIDE_SIZES, BT, RUN, "bt", TWO)				\
	ALU(WIDE_SIZES, BTS, RUN, "bts", TWO)				\
	ALU(WIDE_SIZES, BTR, RUN, "btr", TWO)				\
	ALU(WIDE_SIZES, BTC, RUN, "btc", TWO)				\
	ALU(WIDE_SIZES, IMUL, RUN, "imul", TWO)				\
	ALU(WIDE_SIZES, SHLD, RUN, "shld", THREE)			\
	ALU(WIDE_SIZES, SHRD, RUN, "shrd", THREE)			\
	ALU(WIDE_SIZES, BSF, RUN, "bsf", TWO)				\
	ALU(WIDE_SIZES, BSR, RUN, "bsr", TWO)				\
	ALU(WIDE_SIZES, POPCNT, RUN, "popcnt", TWO)			\
	ALU(WIDE_SIZES, TZCNT, RUN, "tzcnt", TWO)			\
	ALU(WIDE_SIZES, LZCNT, RUN, "lzcnt", TWO)			\
	ALU(ALL_SIZES, MUL_A, RUN_A, "mul", SOURCE)			\
	ALU(ALL_SIZES, IMUL_A, RUN_A, "imul", SOURCE)

#define ALU(sizes, name, run, mnemonic, operands)			\
	sizes(name, run, mnemonic, operands)
ALU_OPS
#undef ALU

static void (*const alu[INSN_OPS])(struct insn_alu *, u8, u64 *) = {
#define ALU(sizes, name, run, mnemonic, operands)			\
	[INSN_##name] = alu_##name,
ALU_OPS
#undef ALU
};

void insn_alu(enum insn_op op, u8 bytes, struct insn_alu *a)
{
	u64 flags = a->rflags & RFLAGS_STATUS;

	alu[op](a, bytes, &flags);
	a->rflags = (a->rflags & ~RFLAGS_STATUS) | (flags & RFLAGS_STATUS);
}

bool insn_condition(u8 condition, u64 rflags)
{
	bool cf = rflags & BIT(0), pf = rflags & BIT(2), zf = rflags & BIT(6);
	bool sf = rflags & BIT(7), of = rflags & BIT(11);
	const bool holds[8] = { of, cf, zf, cf || zf, sf, pf, sf != of,
				zf || sf != of };

	return holds[(condition >> 1) & 7] != (condition & 1);
}
