/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of the opcode maps; the core refuses opcodes without a row.
 */
#include "vmm-core/exit/insn_rows.h"

enum group {
	GROUP_ARITHMETIC = 1, GROUP_SHIFT, GROUP_UNARY, GROUP_INC_BYTE,
	GROUP_INC,
	GROUP_POP, GROUP_MOV, GROUP_BIT, GROUP_PAIR, GROUP_CACHE,
};

#define SAME	INSN_AS_ROW

const struct insn_group_row insn_groups[][8] = {
	[GROUP_ARITHMETIC] = {
		{ INSN_ADD, SAME }, { INSN_OR, SAME }, { INSN_ADC, SAME },
		{ INSN_SBB, SAME }, { INSN_AND, SAME }, { INSN_SUB, SAME },
		{ INSN_XOR, SAME }, { INSN_CMP, SAME } },
	[GROUP_SHIFT] = {
		{ INSN_ROL, SAME }, { INSN_ROR, SAME }, { INSN_RCL, SAME },
		{ INSN_RCR, SAME }, { INSN_SHL, SAME }, { INSN_SHR, SAME },
		{ INSN_SAL, SAME }, { INSN_SAR, SAME } },
	[GROUP_UNARY] = {
		{ INSN_TEST, INSN_M_I }, { INSN_TEST, INSN_M_I },
		{ INSN_NOT, INSN_M }, { INSN_NEG, INSN_M },
		{ INSN_MUL_A, INSN_M }, { INSN_IMUL_A, INSN_M } },
	[GROUP_INC_BYTE] = { { INSN_INC, INSN_M }, { INSN_DEC, INSN_M } },
	[GROUP_INC] = { { INSN_INC, INSN_M }, { INSN_DEC, INSN_M },
			[6] = { INSN_PUSH, INSN_M } },
	[GROUP_POP] = { { INSN_POP, INSN_M } },
	[GROUP_MOV] = { { INSN_MOV, INSN_M_I } },
	[GROUP_BIT] = { [4] = { INSN_BT, SAME }, { INSN_BTS, SAME },
			{ INSN_BTR, SAME }, { INSN_BTC, SAME } },
	[GROUP_PAIR] = { [1] = { INSN_CMPXCHG_PAIR, INSN_M } },
	[GROUP_CACHE] = { [7] = { INSN_TOUCH, INSN_M } },
};

#define ROW(o, what)	{ .op = (o), .operands = (what) }
#define ROW_FLAGS(o, what, f) \
	{ .op = (o), .operands = (what), .flags = (f) }
#define ROW_OF_BYTES(o, what) ROW_FLAGS(o, what, ROW_BYTE)
#define ROW_REP(o, what, rep) \
	{ .op = (o), .operands = (what), .op_rep = (rep) }

#define ARITHMETIC(opcode, op)				\
	[opcode]     = ROW_OF_BYTES(op, INSN_M_R),	\
	[opcode + 1] = ROW(op, INSN_M_R),		\
	[opcode + 2] = ROW_OF_BYTES(op, INSN_R_M),	\
	[opcode + 3] = ROW(op, INSN_R_M)

/* An opcode for bytes, and the next one for the operand size. */
#define BOTH(opcode, op, operands)			\
	[opcode]     = ROW_OF_BYTES(op, operands),	\
	[opcode + 1] = ROW(op, operands)

#define GROUP(g, o)	{ .group = (g), .operands = (o) }
#define GROUP_BYTE(g, o) { .group = (g), .operands = (o), .flags = ROW_BYTE }
#define GROUP_BOTH(opcode, g, o)			\
	[opcode] = GROUP_BYTE(g, o), [opcode + 1] = GROUP(g, o)

const struct insn_row insn_rows[256] = {
	ARITHMETIC(0x00, INSN_ADD),
	ARITHMETIC(0x08, INSN_OR),
	ARITHMETIC(0x10, INSN_ADC),
	ARITHMETIC(0x18, INSN_SBB),
	ARITHMETIC(0x20, INSN_AND),
	ARITHMETIC(0x28, INSN_SUB),
	ARITHMETIC(0x30, INSN_XOR),
	ARITHMETIC(0x38, INSN_CMP),
	[0x50 ... 0x57] = ROW(INSN_PUSH, INSN_STACK_R),
	[0x58 ... 0x5f] = ROW(INSN_POP, INSN_STACK_R),
	[0x63] = ROW_FLAGS(INSN_MOVSX, INSN_R_M, ROW_MEMORY32 | ROW_ONLY64),
	[0x68] = ROW(INSN_PUSH, INSN_STACK_I),
	[0x69] = ROW(INSN_IMUL, INSN_R_M_I),
	[0x6a] = ROW(INSN_PUSH, INSN_STACK_I8),
	[0x6b] = ROW(INSN_IMUL, INSN_R_M_I8),
	GROUP_BOTH(0x80, GROUP_ARITHMETIC, INSN_M_I),
	[0x82] = GROUP_BYTE(GROUP_ARITHMETIC, INSN_M_I),
	[0x83] = GROUP(GROUP_ARITHMETIC, INSN_M_I8),
	BOTH(0x84, INSN_TEST, INSN_M_R),
	BOTH(0x86, INSN_XCHG, INSN_M_R),
	BOTH(0x88, INSN_MOV, INSN_M_R),
	BOTH(0x8a, INSN_MOV, INSN_R_M),
	[0x8f] = GROUP(GROUP_POP, INSN_M),
	BOTH(0xa0, INSN_MOV, INSN_A_O),
	BOTH(0xa2, INSN_MOV, INSN_O_A),
	BOTH(0xa4, INSN_MOVS, INSN_STRING),
	BOTH(0xa6, INSN_CMPS, INSN_STRING),
	BOTH(0xaa, INSN_STOS, INSN_STRING),
	BOTH(0xac, INSN_LODS, INSN_STRING),
	BOTH(0xae, INSN_SCAS, INSN_STRING),
	GROUP_BOTH(0xc0, GROUP_SHIFT, INSN_M_I8),
	GROUP_BOTH(0xc6, GROUP_MOV, INSN_M_I),
	GROUP_BOTH(0xd0, GROUP_SHIFT, INSN_M_1),
	GROUP_BOTH(0xd2, GROUP_SHIFT, INSN_M_CL),
	GROUP_BOTH(0xf6, GROUP_UNARY, INSN_M),
	[0xfe] = GROUP_BYTE(GROUP_INC_BYTE, INSN_M),
	[0xff] = GROUP(GROUP_INC, INSN_M),
};

const struct insn_row insn_rows_0f[256] = {
	[0x10] = ROW(INSN_VECTOR, INSN_R_M), [0x11] = ROW(INSN_VECTOR, INSN_M_R),
	[0x12] = ROW(INSN_VECTOR, INSN_R_M), [0x13] = ROW(INSN_VECTOR, INSN_M_R),
	[0x16] = ROW(INSN_VECTOR, INSN_R_M), [0x17] = ROW(INSN_VECTOR, INSN_M_R),
	[0x28] = ROW(INSN_VECTOR, INSN_R_M), [0x29] = ROW(INSN_VECTOR, INSN_M_R),
	[0x2b] = ROW(INSN_VECTOR, INSN_M_R),
	[0x40 ... 0x4f] = ROW(INSN_CMOVCC, INSN_R_M),
	[0x6e] = ROW(INSN_VECTOR, INSN_R_M), [0x6f] = ROW(INSN_VECTOR, INSN_R_M),
	[0x7e] = ROW(INSN_VECTOR, INSN_M_R), [0x7f] = ROW(INSN_VECTOR, INSN_M_R),
	[0x90 ... 0x9f] = ROW_FLAGS(INSN_SETCC, INSN_M, ROW_BYTE),
	[0xa3] = ROW(INSN_BT, INSN_M_R),
	[0xa4] = ROW(INSN_SHLD, INSN_M_R_I8),
	[0xa5] = ROW(INSN_SHLD, INSN_M_R_CL),
	[0xab] = ROW(INSN_BTS, INSN_M_R),
	[0xac] = ROW(INSN_SHRD, INSN_M_R_I8),
	[0xad] = ROW(INSN_SHRD, INSN_M_R_CL),
	[0xae] = GROUP_BYTE(GROUP_CACHE, INSN_M),
	[0xaf] = ROW(INSN_IMUL, INSN_R_M),
	BOTH(0xb0, INSN_CMPXCHG, INSN_M_R),
	[0xb3] = ROW(INSN_BTR, INSN_M_R),
	[0xb6] = ROW_FLAGS(INSN_MOVZX, INSN_R_M, ROW_MEMORY8),
	[0xb7] = ROW_FLAGS(INSN_MOVZX, INSN_R_M, ROW_MEMORY16),
	[0xb8] = ROW_REP(INSN_OPS, INSN_R_M, INSN_POPCNT),
	[0xba] = GROUP(GROUP_BIT, INSN_M_I8),
	[0xbb] = ROW(INSN_BTC, INSN_M_R),
	[0xbc] = ROW_REP(INSN_BSF, INSN_R_M, INSN_TZCNT),
	[0xbd] = ROW_REP(INSN_BSR, INSN_R_M, INSN_LZCNT),
	[0xbe] = ROW_FLAGS(INSN_MOVSX, INSN_R_M, ROW_MEMORY8),
	[0xbf] = ROW_FLAGS(INSN_MOVSX, INSN_R_M, ROW_MEMORY16),
	BOTH(0xc0, INSN_XADD, INSN_M_R),
	[0xc3] = ROW_FLAGS(INSN_MOV, INSN_M_R, ROW_NO_REPEAT | ROW_LONG),
	[0xc7] = GROUP(GROUP_PAIR, INSN_M),
	[0xd6] = ROW(INSN_VECTOR, INSN_M_R),
	[0xe7] = ROW(INSN_VECTOR, INSN_M_R),
	[0xf0] = ROW(INSN_VECTOR, INSN_R_M),
};

const struct insn_row insn_rows_0f38[256] = {
	[0x2a] = ROW(INSN_VECTOR, INSN_R_M),
	[0xf0] = ROW_FLAGS(INSN_MOVBE, INSN_R_M, ROW_NO_REPEAT),
	[0xf1] = ROW_FLAGS(INSN_MOVBE, INSN_M_R, ROW_NO_REPEAT),
};

#define NONE	0
#define P66	PREFIX_OPERAND16
#define PF2	PREFIX_REPNE
#define PF3	PREFIX_REP

#define MOVE(o, p, n, k)						\
	{ .opcode = (o), .prefix = (p), .bytes = (n), .kind = (k) }
#define ALIGNED(o, p, k)						\
	{ .opcode = (o), .prefix = (p), .bytes = 16, .kind = (k),	\
	  .aligned = true }

static const struct insn_vector_row vector_rows[] = {
	MOVE(0x10, NONE, 16, VECTOR_LOAD),
	MOVE(0x10, P66, 16, VECTOR_LOAD),
	MOVE(0x10, PF3, 4, VECTOR_LOAD),
	MOVE(0x10, PF2, 8, VECTOR_LOAD),
	MOVE(0x11, NONE, 16, VECTOR_STORE),
	MOVE(0x11, P66, 16, VECTOR_STORE),
	MOVE(0x11, PF3, 4, VECTOR_STORE),
	MOVE(0x11, PF2, 8, VECTOR_STORE),
	MOVE(0x12, NONE, 8, VECTOR_LOAD_LOW),
	MOVE(0x12, P66, 8, VECTOR_LOAD_LOW),
	MOVE(0x13, NONE, 8, VECTOR_STORE),
	MOVE(0x13, P66, 8, VECTOR_STORE),
	MOVE(0x16, NONE, 8, VECTOR_LOAD_HIGH),
	MOVE(0x16, P66, 8, VECTOR_LOAD_HIGH),
	MOVE(0x17, NONE, 8, VECTOR_STORE_HIGH),
	MOVE(0x17, P66, 8, VECTOR_STORE_HIGH),
	ALIGNED(0x28, NONE, VECTOR_LOAD),
	ALIGNED(0x28, P66, VECTOR_LOAD),
	ALIGNED(0x29, NONE, VECTOR_STORE),
	ALIGNED(0x29, P66, VECTOR_STORE),
	ALIGNED(0x2a, P66, VECTOR_LOAD),
	ALIGNED(0x2b, NONE, VECTOR_STORE),
	ALIGNED(0x2b, P66, VECTOR_STORE),
	MOVE(0x6e, P66, 0, VECTOR_LOAD),
	ALIGNED(0x6f, P66, VECTOR_LOAD),
	MOVE(0x6f, PF3, 16, VECTOR_LOAD),
	MOVE(0x7e, P66, 0, VECTOR_STORE),
	MOVE(0x7e, PF3, 8, VECTOR_LOAD),
	ALIGNED(0x7f, P66, VECTOR_STORE),
	MOVE(0x7f, PF3, 16, VECTOR_STORE),
	MOVE(0xd6, P66, 8, VECTOR_STORE),
	ALIGNED(0xe7, P66, VECTOR_STORE),
	MOVE(0xf0, PF2, 16, VECTOR_LOAD),
};

const struct insn_vector_row *insn_vector_row(u8 opcode, u8 prefix)
{
	for (size_t i = 0; i < ARRAY_SIZE(vector_rows); i++) {
		if (vector_rows[i].opcode == opcode &&
		    vector_rows[i].prefix == prefix)
			return &vector_rows[i];
	}
	return NULL;
}
