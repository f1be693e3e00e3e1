/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's instruction decoder beside Zydis: what ours accepts must mean
 * the same to Zydis, and what Zydis calls one of our operations on memory,
 * ours must accept.
 *
 * Definitions; includes the files of the core, which are in no library.
 */
#ifndef TESTS_INSN_ORACLE_H
#define TESTS_INSN_ORACLE_H

#include <string.h>
#include <Zydis/Zydis.h>

#include "vmm-core/exit/insn.c"
#include "vmm-core/exit/insn_decode.c"
#include "vmm-core/exit/insn_rows.c"

struct oracle {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand op[ZYDIS_MAX_OPERAND_COUNT];
};

static inline bool oracle_decode(u8 code_bits, const u8 *bytes, size_t count,
				 struct oracle *o)
{
	ZydisDecoder decoder;

	if (code_bits == 64)
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
				 ZYDIS_STACK_WIDTH_64);
	else if (code_bits == 32)
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_32,
				 ZYDIS_STACK_WIDTH_32);
	else
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_16,
				 ZYDIS_STACK_WIDTH_16);
	return ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, count,
						   &o->insn, o->op));
}

/* MOVSD and CMPSD are strings in one map, vectors in another. */
static inline int oracle_op_string(const struct oracle *o)
{
	if (o->insn.opcode_map != ZYDIS_OPCODE_MAP_DEFAULT)
		return -1;
	switch (o->insn.opcode & ~1) {
	case 0xa4: return INSN_MOVS;
	case 0xa6: return INSN_CMPS;
	case 0xaa: return INSN_STOS;
	case 0xac: return INSN_LODS;
	case 0xae: return INSN_SCAS;
	}
	return -1;
}

static inline int oracle_op_vector(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_MOVUPS: case ZYDIS_MNEMONIC_MOVUPD:
	case ZYDIS_MNEMONIC_MOVSS: case ZYDIS_MNEMONIC_MOVSD:
	case ZYDIS_MNEMONIC_MOVLPS: case ZYDIS_MNEMONIC_MOVLPD:
	case ZYDIS_MNEMONIC_MOVHPS: case ZYDIS_MNEMONIC_MOVHPD:
	case ZYDIS_MNEMONIC_MOVAPS: case ZYDIS_MNEMONIC_MOVAPD:
	case ZYDIS_MNEMONIC_MOVNTPS: case ZYDIS_MNEMONIC_MOVNTPD:
	case ZYDIS_MNEMONIC_MOVNTDQ: case ZYDIS_MNEMONIC_MOVNTDQA:
	case ZYDIS_MNEMONIC_MOVDQA: case ZYDIS_MNEMONIC_MOVDQU:
	case ZYDIS_MNEMONIC_MOVD: case ZYDIS_MNEMONIC_MOVQ:
	case ZYDIS_MNEMONIC_LDDQU:
		return INSN_VECTOR;
	default:
		return -1;
	}
}

static inline int oracle_op_named(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
#define NAMED(name) case ZYDIS_MNEMONIC_##name: return INSN_##name
	NAMED(ADD); NAMED(OR); NAMED(ADC); NAMED(SBB); NAMED(AND); NAMED(SUB);
	NAMED(XOR); NAMED(CMP); NAMED(ROL); NAMED(ROR); NAMED(RCL); NAMED(RCR);
	NAMED(SHL); NAMED(SHR); NAMED(SAR); NAMED(BT); NAMED(BTS); NAMED(BTR);
	NAMED(BTC); NAMED(TEST); NAMED(NOT); NAMED(NEG); NAMED(INC); NAMED(DEC);
	NAMED(IMUL); NAMED(SHLD); NAMED(SHRD); NAMED(BSF); NAMED(BSR);
	NAMED(POPCNT); NAMED(TZCNT); NAMED(LZCNT); NAMED(MOV); NAMED(MOVZX);
	NAMED(MOVSX); NAMED(MOVBE); NAMED(XCHG); NAMED(XADD); NAMED(CMPXCHG);
	NAMED(PUSH); NAMED(POP);
#undef NAMED
	case ZYDIS_MNEMONIC_MUL: return INSN_MUL_A;
	case ZYDIS_MNEMONIC_MOVSXD: return INSN_MOVSX;
	case ZYDIS_MNEMONIC_MOVNTI: return INSN_MOV;
	case ZYDIS_MNEMONIC_CMPXCHG8B: return INSN_CMPXCHG_PAIR;
	case ZYDIS_MNEMONIC_CMPXCHG16B: return INSN_CMPXCHG_PAIR;
	case ZYDIS_MNEMONIC_CLFLUSH:
	case ZYDIS_MNEMONIC_CLFLUSHOPT: return INSN_TOUCH;
	default: return oracle_op_vector(mnemonic);
	}
}

/* What Zydis calls it in our words; -1: nothing of ours. */
static inline int oracle_op(const struct oracle *o)
{
	int op = oracle_op_string(o);

	if (o->insn.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY)
		return -1;
	if (op >= 0)
		return op;
	if (o->insn.opcode_map == ZYDIS_OPCODE_MAP_0F) {
		if ((o->insn.opcode & 0xf0) == 0x40)
			return INSN_CMOVCC;
		if ((o->insn.opcode & 0xf0) == 0x90)
			return INSN_SETCC;
	}
	op = oracle_op_named(o->insn.mnemonic);
	if (op == INSN_IMUL && o->insn.opcode >= 0xf6 &&
	    o->insn.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT)
		return INSN_IMUL_A;
	return op;
}

static inline const ZydisDecodedOperand *oracle_memory(const struct oracle *o,
						       int *count)
{
	const ZydisDecodedOperand *found = NULL;

	*count = 0;
	for (int i = 0; i < o->insn.operand_count; i++) {
		if (o->op[i].type != ZYDIS_OPERAND_TYPE_MEMORY)
			continue;
		if (!found)
			found = &o->op[i];
		(*count)++;
	}
	return found;
}

static inline bool oracle_registers_ours(const struct oracle *o)
{
	for (int i = 0; i < o->insn.operand_count_visible; i++) {
		ZydisRegisterClass c;

		if (o->op[i].type != ZYDIS_OPERAND_TYPE_REGISTER)
			continue;
		c = ZydisRegisterGetClass(o->op[i].reg.value);
		if (c != ZYDIS_REGCLASS_GPR8 && c != ZYDIS_REGCLASS_GPR16 &&
		    c != ZYDIS_REGCLASS_GPR32 && c != ZYDIS_REGCLASS_GPR64 &&
		    c != ZYDIS_REGCLASS_XMM)
			return false;
	}
	return true;
}

/* PUSH and POP of a register by ModRM: nobody writes it so. */
static inline bool oracle_is_register_form(const struct oracle *o)
{
	return o->insn.attributes & ZYDIS_ATTRIB_HAS_MODRM &&
	       o->insn.raw.modrm.mod == 3;
}

/* An operation of ours that has memory for an operand. */
static inline bool oracle_is_ours(const struct oracle *o)
{
	int memories;

	return oracle_op(o) >= 0 && !oracle_is_register_form(o) && oracle_memory(o, &memories) &&
	       oracle_registers_ours(o);
}

/* A register's number, with *high for AH to BH. */
static inline u8 oracle_register(ZydisRegister reg, bool *high)
{
	u8 id = (u8)ZydisRegisterGetId(reg);

	*high = reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH;
	if (*high)
		return (u8)(reg - ZYDIS_REGISTER_AH);
	/* AL CL DL BL AH CH DH BH SPL BPL ...: without the high halves */
	if (ZydisRegisterGetClass(reg) == ZYDIS_REGCLASS_GPR8 && id >= 8)
		return id - 4;
	return id;
}

static inline bool oracle_same_register(const struct insn *i,
					const struct oracle *o)
{
	for (int n = 0; n < o->insn.operand_count_visible; n++) {
		const ZydisDecodedOperand *op = &o->op[n];
		bool high;
		u8 number;

		if (op->type != ZYDIS_OPERAND_TYPE_REGISTER ||
		    op->encoding == ZYDIS_OPERAND_ENCODING_NONE)
			continue;
		number = oracle_register(op->reg.value, &high);
		if (i->reg != number || i->high_byte != high)
			return false;
	}
	return true;
}

static inline bool oracle_same_base(s8 ours, ZydisRegister theirs)
{
	if (theirs == ZYDIS_REGISTER_NONE || theirs == ZYDIS_REGISTER_RIP ||
	    theirs == ZYDIS_REGISTER_EIP)
		return ours == -1;
	return ours == ZydisRegisterGetId(theirs);
}

static inline u8 oracle_segment(ZydisRegister segment)
{
	static const u8 segments[] = { SEG_ES, SEG_CS, SEG_SS, SEG_DS, SEG_FS,
				       SEG_GS };

	return segments[segment - ZYDIS_REGISTER_ES];
}

static inline bool oracle_same_address(const struct insn *i, u8 code_bits,
				       const struct oracle *o,
				       const ZydisDecodedOperand *memory)
{
	const struct insn_address *a = &i->address;
	u64 mask = a->bits == 64 ? ~0ull : (1ull << a->bits) - 1;
	u8 segment = oracle_segment(memory->mem.segment);
	bool rip = memory->mem.base == ZYDIS_REGISTER_RIP ||
		   memory->mem.base == ZYDIS_REGISTER_EIP;
	u8 scale = memory->mem.index ? memory->mem.scale : 1;

	if (a->bits != o->insn.address_width)
		return false;
	if ((code_bits != 64 || segment >= SEG_FS || a->segment >= SEG_FS) &&
	    a->segment != segment)
		return false;
	return oracle_same_base(a->base, memory->mem.base) &&
	       oracle_same_base(a->index, memory->mem.index) &&
	       a->rip == rip && (a->index < 0 || 1 << a->scale == scale) &&
	       !((a->displacement ^ (u64)memory->mem.disp.value) & mask);
}

static inline bool oracle_same_immediate(const struct insn *i,
					 const struct oracle *o)
{
	u64 mask = i->bytes == 8 ? ~0ull : (1ull << 8 * i->bytes) - 1;

	for (int n = 0; n < o->insn.operand_count_visible; n++) {
		const ZydisDecodedOperand *op = &o->op[n];

		if (op->type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
			continue;
		/* a count of a shift has a byte */
		if (op->size == 8)
			mask = 0xff;
		if ((i->immediate ^ op->imm.value.u) & mask)
			return false;
	}
	return true;
}

static inline const char *oracle_compare(const struct insn *i, u8 code_bits,
					 const struct oracle *o)
{
	int memories, op = oracle_op(o);
	const ZydisDecodedOperand *memory = oracle_memory(o, &memories);

	if (i->len != o->insn.length)
		return "length";
	if (i->op != op && !(i->op == INSN_SAL && op == INSN_SHL))
		return "operation";
	if (i->memory_bytes * 8 != memory->size && op != INSN_TOUCH)
		return "bytes in memory";
	if (op == INSN_SETCC || op == INSN_CMOVCC)
		if (i->condition != (o->insn.opcode & 15))
			return "condition";
	if (i->operands != INSN_STRING && !oracle_same_register(i, o))
		return "register";
	if (!oracle_same_immediate(i, o))
		return "immediate";
	if (i->operands >= INSN_STRING)
		return NULL;
	/* PUSH and POP have the stack for a second one */
	return oracle_same_address(i, code_bits, o, memory) ? NULL : "address";
}

/* NULL: both agree; *ours: on an operation of ours. */
static inline const char *oracle_differs(const u8 *bytes, size_t count,
					 u8 code_bits, bool *ours)
{
	struct insn insn;
	struct oracle o;
	bool accepted = insn_decode(bytes, count, code_bits, &insn);

	*ours = false;
	/* what the CPU refuses with #UD never gets as far as memory */
	if (!oracle_decode(code_bits, bytes, count, &o))
		return NULL;
	*ours = oracle_is_ours(&o);
	if (accepted != *ours)
		return accepted ? "accepted" : "refused";
	return *ours ? oracle_compare(&insn, code_bits, &o) : NULL;
}

#endif
