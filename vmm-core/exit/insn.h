/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoding instructions: those that can touch a device's memory, and the few
 * whose exit says too little. AMD64 Architecture Programmer's Manual, volume
 * 3, "Instruction Encoding". The bytes are the guest's and may be anything.
 */
#ifndef VMM_CORE_EXIT_INSN_H
#define VMM_CORE_EXIT_INSN_H

#include "vmm-core/lib/types.h"

#define INSN_BYTES_MAX 15

#define REX_W	8
#define REX_R	4
#define REX_X	2
#define REX_B	1

#define PREFIX_OPERAND16	0x66
#define PREFIX_REPNE		0xf2
#define PREFIX_REP		0xf3

/* Prefixes, and where the opcode begins. */
struct insn_prefixes {
	u8 bytes;
	u8 rex;			/* 0: none */
	u8 repeat;		/* PREFIX_REP, PREFIX_REPNE; the last counts */
	bool operand16, address_size;
	s8 segment;		/* enum segment; -1: no override */
};

/* false: no opcode within the bytes given. */
bool insn_prefixes(const u8 *insn, size_t bytes, u8 code_bits,
		   struct insn_prefixes *p);

/* MOV to or from a control register. len 0: it is not one. */
struct insn_mov_cr {
	u8 len, cr, gpr;
	bool write;
};

struct insn_mov_cr insn_mov_cr(const u8 *insn, size_t bytes, u8 code_bits);

/* Operations, whatever the encoding. Groups are in the order of ModRM.reg. */
enum insn_op {
	INSN_ADD, INSN_OR, INSN_ADC, INSN_SBB,
	INSN_AND, INSN_SUB, INSN_XOR, INSN_CMP,
	INSN_ROL, INSN_ROR, INSN_RCL, INSN_RCR,
	INSN_SHL, INSN_SHR, INSN_SAL, INSN_SAR,
	INSN_BT, INSN_BTS, INSN_BTR, INSN_BTC,
	INSN_TEST, INSN_NOT, INSN_NEG, INSN_INC, INSN_DEC,
	INSN_IMUL, INSN_SHLD, INSN_SHRD,
	INSN_BSF, INSN_BSR, INSN_POPCNT, INSN_TZCNT, INSN_LZCNT,
	/* up to here: arithmetic, insn_alu.h */
	INSN_MUL_A, INSN_IMUL_A,	/* by the accumulator */
	INSN_MOV, INSN_MOVZX, INSN_MOVSX, INSN_MOVBE,
	INSN_XCHG, INSN_XADD, INSN_CMPXCHG, INSN_CMPXCHG_PAIR,
	INSN_SETCC, INSN_CMOVCC,
	INSN_PUSH, INSN_POP,
	INSN_MOVS, INSN_CMPS, INSN_STOS, INSN_LODS, INSN_SCAS,
	INSN_VECTOR,			/* a move of an XMM register */
	INSN_TOUCH,			/* CLFLUSH and the like */
	INSN_OPS
};

/* The operands, destination first; there is always one in memory. */
enum insn_operands {
	INSN_NONE,		/* not an instruction for the core */
	INSN_M,			/* memory alone */
	INSN_M_R, INSN_R_M,	/* memory and a register */
	INSN_M_I, INSN_M_I8,	/* and an immediate, or a byte of one */
	INSN_M_1, INSN_M_CL,	/* shifts by one, by CL */
	INSN_M_R_I8, INSN_M_R_CL,
	INSN_R_M_I, INSN_R_M_I8,
	INSN_O_A, INSN_A_O,	/* an absolute address and the accumulator */
	INSN_STRING,		/* by RSI and RDI */
	INSN_STACK_R,		/* the stack, and what the opcode names */
	INSN_STACK_I, INSN_STACK_I8,
	INSN_AS_ROW		/* in a group: what the opcode's row says */
};

/* How a move treats the XMM register. */
enum insn_vector {
	VECTOR_LOAD,		/* the rest of it becomes zero */
	VECTOR_LOAD_LOW, VECTOR_LOAD_HIGH,
	VECTOR_STORE, VECTOR_STORE_HIGH,
};

/* Where a memory operand is. */
struct insn_address {
	u8 bits;		/* of the offset */
	s8 segment;		/* enum segment */
	s8 base, index;		/* registers; -1: none */
	u8 scale;		/* a shift */
	bool rip;		/* relative to the next instruction */
	u64 displacement;
};

struct insn {
	u8 len;
	u8 op;			/* enum insn_op */
	u8 operands;		/* enum insn_operands */
	u8 bytes;		/* of the operands */
	u8 memory_bytes;	/* of the one in memory */
	u8 reg;
	bool high_byte;		/* AH, CH, DH, BH: reg is 0 to 3 */
	u8 condition;		/* of SETcc and CMOVcc */
	u8 repeat;		/* of string instructions */
	u8 vector;		/* enum insn_vector */
	bool aligned;		/* #GP if the address is not */
	u64 immediate;
	struct insn_address address;
};

/* false: not one of them, or cut short. */
bool insn_decode(const u8 *bytes, size_t count, u8 code_bits,
		 struct insn *insn);

#endif
