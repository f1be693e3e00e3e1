/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The opcodes that the core knows, as rows; insn_decode() reads them.
 */
#ifndef VMM_CORE_EXIT_INSN_ROWS_H
#define VMM_CORE_EXIT_INSN_ROWS_H

#include "vmm-core/exit/insn.h"

enum insn_row_flags {
	ROW_BYTE = 1 << 0,	/* operands are bytes, else by operand size */
	ROW_MEMORY8 = 1 << 1,	/* the one in memory is, */
	ROW_MEMORY16 = 1 << 2,	/* or has two bytes, */
	ROW_MEMORY32 = 1 << 3,	/* or four */
	ROW_ONLY64 = 1 << 4,	/* another instruction outside 64-bit code */
	ROW_NO_REPEAT = 1 << 5,	/* another instruction with F2 or F3 */
	ROW_LONG = 1 << 6,	/* four bytes or eight, not two */
};

struct insn_row {
	u8 op;			/* enum insn_op, unless a group says which */
	u8 operands;		/* enum insn_operands */
	u8 flags;
	u8 op_rep;		/* with F3; 0: the same */
	u8 group;		/* 0: none */
};

/* By ModRM.reg. */
struct insn_group_row {
	u8 op, operands;
};

/* Moves of XMM registers, by opcode and mandatory prefix. */
struct insn_vector_row {
	u8 opcode, prefix;
	u8 bytes;		/* in memory; 0: by REX.W */
	u8 kind;		/* enum insn_vector */
	bool aligned;
};

extern const struct insn_row insn_rows[256];
extern const struct insn_row insn_rows_0f[256];
extern const struct insn_row insn_rows_0f38[256];
extern const struct insn_group_row insn_groups[][8];

/* NULL: no move of these. */
const struct insn_vector_row *insn_vector_row(u8 opcode, u8 prefix);

#endif
