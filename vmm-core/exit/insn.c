/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prefixes, and the instructions that need no table.
 */
#include "vmm-core/exit/insn.h"

#include "vmm-core/vcpu/backend.h"

/* 64-bit code has no bases but those of FS and GS. */
static void prefix_segment(u8 code_bits, struct insn_prefixes *p, s8 segment)
{
	if (code_bits != 64 || segment == SEG_FS || segment == SEG_GS)
		p->segment = segment;
}

static bool prefix_legacy(u8 byte, u8 code_bits, struct insn_prefixes *p)
{
	switch (byte) {
	case 0x26: prefix_segment(code_bits, p, SEG_ES); return true;
	case 0x2e: prefix_segment(code_bits, p, SEG_CS); return true;
	case 0x36: prefix_segment(code_bits, p, SEG_SS); return true;
	case 0x3e: prefix_segment(code_bits, p, SEG_DS); return true;
	case 0x64: prefix_segment(code_bits, p, SEG_FS); return true;
	case 0x65: prefix_segment(code_bits, p, SEG_GS); return true;
	case 0x66: p->operand16 = true; return true;
	case 0x67: p->address_size = true; return true;
	case 0xf0: return true;
	case 0xf2:
	case 0xf3: p->repeat = byte; return true;
	}
	return false;
}

bool insn_prefixes(const u8 *insn, size_t bytes, u8 code_bits,
		   struct insn_prefixes *p)
{
	*p = (struct insn_prefixes){ .segment = -1 };
	for (; p->bytes < bytes; p->bytes++) {
		u8 byte = insn[p->bytes];

		if (code_bits == 64 && (byte & 0xf0) == 0x40) {
			p->rex = byte;
			continue;
		}
		if (!prefix_legacy(byte, code_bits, p))
			return true;
		/* REX counts only right before the opcode */
		p->rex = 0;
	}
	return false;
}

struct insn_mov_cr insn_mov_cr(const u8 *insn, size_t bytes, u8 code_bits)
{
	struct insn_mov_cr mov = { 0 };
	struct insn_prefixes p;
	u8 modrm;

	if (!insn_prefixes(insn, bytes, code_bits, &p) ||
	    p.bytes + 3u > bytes || insn[p.bytes] != 0x0f ||
	    (insn[p.bytes + 1] & ~2) != 0x20)
		return mov;
	modrm = insn[p.bytes + 2];
	mov.len = p.bytes + 3;
	mov.write = insn[p.bytes + 1] & 2;
	mov.cr = ((modrm >> 3) & 7) | (p.rex & REX_R ? 8 : 0);
	mov.gpr = (modrm & 7) | (p.rex & REX_B ? 8 : 0);
	return mov;
}
