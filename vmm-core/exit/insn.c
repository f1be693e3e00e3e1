/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instruction decoding; insn.h says how little. No guest state is looked
 * at: the hardware has already said where in memory the access goes.
 */
#include "vmm-core/exit/insn.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/vcpu/backend.h"

#define REX_W	8
#define REX_R	4
#define REX_B	1

static bool prefix_legacy(u8 byte, struct insn_prefixes *p)
{
	switch (byte) {
	case 0x26: p->segment = SEG_ES; return true;
	case 0x2e: p->segment = SEG_CS; return true;
	case 0x36: p->segment = SEG_SS; return true;
	case 0x3e: p->segment = SEG_DS; return true;
	case 0x64: p->segment = SEG_FS; return true;
	case 0x65: p->segment = SEG_GS; return true;
	case 0x66: p->operand16 = true; return true;
	case 0x67: p->address_size = true; return true;
	case 0xf0: return true;
	case 0xf2: p->repne = true; return true;
	case 0xf3: p->rep = true; return true;
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
		if (!prefix_legacy(byte, p))
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

/* Bytes of ModRM, SIB and displacement; 0: a register, or cut short. */
static u8 modrm_bytes(const u8 *at, size_t bytes, u8 address_bits)
{
	u8 mod, rm, n = 1;

	if (bytes < 1 || (at[0] & 0xc0) == 0xc0)
		return 0;
	mod = at[0] >> 6;
	rm = at[0] & 7;
	if (address_bits == 16) {
		n += mod == 1 ? 1 : mod == 2 || rm == 6 ? 2 : 0;
		return n <= bytes ? n : 0;
	}
	if (rm == 4) {
		if (bytes < 2)
			return 0;
		n++;
		if (mod == 0 && (at[1] & 7) == 5)
			n += 4;
	} else if (mod == 0 && rm == 5) {
		n += 4;
	}
	n += mod == 1 ? 1 : mod == 2 ? 4 : 0;
	return n <= bytes ? n : 0;
}

/* The effect of an opcode on memory, before prefixes are looked at. */
struct mmio_opcode {
	u8 opcode;
	bool two_bytes;		/* 0f first */
	bool byte;		/* memory is one byte, else by operand size */
	bool word;		/* memory is two bytes */
	bool write, read, immediate, sign_extend, extend, moffs;
};

static const struct mmio_opcode mmio_opcodes[] = {
	{ .opcode = 0x86, .byte = true, .write = true, .read = true },
	{ .opcode = 0x87, .write = true, .read = true },
	{ .opcode = 0x88, .byte = true, .write = true },
	{ .opcode = 0x89, .write = true },
	{ .opcode = 0x8a, .byte = true, .read = true },
	{ .opcode = 0x8b, .read = true },
	{ .opcode = 0xa0, .byte = true, .read = true, .moffs = true },
	{ .opcode = 0xa1, .read = true, .moffs = true },
	{ .opcode = 0xa2, .byte = true, .write = true, .moffs = true },
	{ .opcode = 0xa3, .write = true, .moffs = true },
	{ .opcode = 0xc6, .byte = true, .write = true, .immediate = true },
	{ .opcode = 0xc7, .write = true, .immediate = true },
	{ .opcode = 0xb6, .two_bytes = true, .byte = true, .read = true,
	  .extend = true },
	{ .opcode = 0xb7, .two_bytes = true, .word = true, .read = true,
	  .extend = true },
	{ .opcode = 0xbe, .two_bytes = true, .byte = true, .read = true,
	  .extend = true, .sign_extend = true },
	{ .opcode = 0xbf, .two_bytes = true, .word = true, .read = true,
	  .extend = true, .sign_extend = true },
};

static const struct mmio_opcode *mmio_opcode_find(u8 opcode, bool two_bytes)
{
	for (size_t i = 0; i < ARRAY_SIZE(mmio_opcodes); i++) {
		if (mmio_opcodes[i].opcode == opcode &&
		    mmio_opcodes[i].two_bytes == two_bytes)
			return &mmio_opcodes[i];
	}
	return NULL;
}

static u8 address_bits(u8 code_bits, bool prefix)
{
	if (!prefix)
		return code_bits;
	return code_bits == 32 ? 16 : 32;
}

static u8 operand_bytes(const struct insn_prefixes *p, u8 code_bits)
{
	if (p->rex & REX_W)
		return 8;
	return (code_bits == 16) != p->operand16 ? 2 : 4;
}

/* Without REX, byte registers 4 to 7 are the high halves of 0 to 3. */
static void mmio_register(struct insn_mmio *m, u8 reg, const struct insn_prefixes *p,
			  bool byte)
{
	m->gpr = reg | (p->rex & REX_R ? 8 : 0);
	if (byte && !p->rex && reg >= 4) {
		m->gpr = reg - 4;
		m->high_byte = true;
	}
}

static bool mmio_immediate(struct insn_mmio *m, const u8 *at, size_t bytes,
			   u8 operand)
{
	u8 n = m->bytes == 1 ? 1 : operand == 2 ? 2 : 4;
	u64 value = 0;

	if (bytes < n)
		return false;
	memcpy(&value, at, n);
	if (operand == 8)
		value = (u64)(s64)(int)value;
	m->value = value;
	m->len += n;
	return true;
}

struct insn_mmio insn_mmio(const u8 *insn, size_t bytes, u8 code_bits)
{
	struct insn_mmio m = { 0 }, none = { 0 };
	const struct mmio_opcode *op;
	struct insn_prefixes p;
	bool two;
	u8 operand, address, n;

	if (!insn_prefixes(insn, bytes, code_bits, &p))
		return none;
	two = insn[p.bytes] == 0x0f;
	m.len = p.bytes + (two ? 2 : 1);
	if (m.len > bytes)
		return none;
	op = mmio_opcode_find(insn[m.len - 1], two);
	if (!op)
		return none;
	operand = operand_bytes(&p, code_bits);
	address = address_bits(code_bits, p.address_size);
	m.bytes = op->byte ? 1 : op->word ? 2 : operand;
	m.gpr_bytes = op->extend ? operand : m.bytes;
	m.read = op->read;
	m.write = op->write;
	m.sign_extend = op->sign_extend;
	m.immediate = op->immediate;
	if (op->moffs) {
		m.len += address / 8;
		return m.len <= bytes ? m : none;
	}
	n = modrm_bytes(insn + m.len, bytes - m.len, address);
	if (!n || (op->immediate && (insn[m.len] & 0x38)))
		return none;
	if (!op->immediate)
		mmio_register(&m, (insn[m.len] >> 3) & 7, &p,
			      op->byte && !op->extend);
	m.len += n;
	if (op->immediate &&
	    !mmio_immediate(&m, insn + m.len, bytes - m.len, operand))
		return none;
	return m.len <= INSN_BYTES_MAX ? m : none;
}
