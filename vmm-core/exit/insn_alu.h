/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arithmetic for the guest, by the CPU itself: results and flags, undefined
 * ones as well, are those that the instruction would have left.
 */
#ifndef VMM_CORE_EXIT_INSN_ALU_H
#define VMM_CORE_EXIT_INSN_ALU_H

#include "vmm-core/exit/insn.h"
#include "vmm-core/lib/x86_regs.h"

struct insn_alu {
	u64 dst, src;		/* dst: the result, in its low bytes */
	u64 count;		/* of shifts */
	u64 high;		/* RDX of a multiplication */
	u64 rflags;		/* in and out; only its status flags change */
};

/* op: INSN_ADD to INSN_LZCNT, INSN_MUL_A or INSN_IMUL_A; bytes: 1, 2, 4, 8,
 * of which 1 only where the instruction has that form. */
void insn_alu(enum insn_op op, u8 bytes, struct insn_alu *a);
/* Whether the condition holds that opcodes have in their low half. */
bool insn_condition(u8 condition, u64 rflags);

#endif
