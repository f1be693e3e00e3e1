/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The little decoding that a core without next-RIP and decode assists must
 * do itself. AMD64 Architecture Programmer's Manual, volume 3, "Instruction
 * Encoding". The bytes are the guest's and may be anything.
 */
#ifndef VMM_CORE_EXIT_INSN_H
#define VMM_CORE_EXIT_INSN_H

#include "vmm-core/lib/types.h"

#define INSN_BYTES_MAX 15

/* Prefixes, and where the opcode begins. */
struct insn_prefixes {
	u8 bytes;
	u8 rex;			/* 0: none */
	bool operand16, address_size, rep, repne;
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

/*
 * An instruction that moves between a register (or an immediate) and memory:
 * MOV, MOVZX, MOVSX, XCHG. len 0: not one of them.
 */
struct insn_mmio {
	u8 len;
	u8 bytes;		/* of the access */
	u8 gpr;			/* the register's number */
	u8 gpr_bytes;		/* how much of it a load replaces */
	bool high_byte;		/* AH, CH, DH, BH: gpr is the low half's */
	bool write, read;	/* XCHG does both */
	bool immediate, sign_extend;
	u64 value;		/* the immediate */
};

struct insn_mmio insn_mmio(const u8 *insn, size_t bytes, u8 code_bits);

#endif
