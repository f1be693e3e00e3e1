/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes into struct insn, by the rows. No state of the guest is looked at.
 */
#include "vmm-core/exit/insn.h"

#include "vmm-core/exit/insn_rows.h"
#include "vmm-core/vcpu/backend.h"

/* An instruction being taken apart. */
struct decoder {
	const u8 *bytes;
	size_t count, at;	/* at: the next byte */
	u8 code_bits, operand;	/* operand: bytes of one */
	struct insn_prefixes p;
	u8 opcode, modrm;
	struct insn *insn;
};

/* Little-endian, sign-extended. */
static bool take_signed(struct decoder *d, u8 bytes, u64 *value)
{
	const u8 *from = d->bytes + d->at;

	if (d->at + bytes > d->count)
		return false;
	d->at += bytes;
	switch (bytes) {
	case 1:
		*value = (u64)(s8)*from;
		break;
	case 2:
		*value = (u64)(s64)(short)(from[0] | from[1] << 8);
		break;
	case 4:
		*value = (u64)(s64)(int)(from[0] | from[1] << 8 |
					 from[2] << 16 | (u32)from[3] << 24);
		break;
	case 8:
		__builtin_memcpy(value, from, 8);
		break;
	}
	return true;
}

static bool take_byte(struct decoder *d, u8 *byte)
{
	if (d->at >= d->count)
		return false;
	*byte = d->bytes[d->at++];
	return true;
}

static const struct insn_row *decode_opcode(struct decoder *d)
{
	const struct insn_row *map = insn_rows;

	if (!take_byte(d, &d->opcode))
		return NULL;
	if (d->opcode == 0x0f) {
		map = insn_rows_0f;
		if (!take_byte(d, &d->opcode))
			return NULL;
		if (d->opcode == 0x38) {
			map = insn_rows_0f38;
			if (!take_byte(d, &d->opcode))
				return NULL;
		}
	}
	return &map[d->opcode];
}

/* Addresses of 16 bits: pairs of registers. */
static bool address_16(struct decoder *d)
{
	static const s8 base[] = { RBX, RBX, RBP, RBP, RSI, RDI, RBP, RBX };
	static const s8 index[] = { RSI, RDI, RSI, RDI, -1, -1, -1, -1 };
	struct insn_address *a = &d->insn->address;
	u8 mod = d->modrm >> 6, rm = d->modrm & 7;

	if (mod == 0 && rm == 6)
		return take_signed(d, 2, &a->displacement);
	a->base = base[rm];
	a->index = index[rm];
	return mod == 0 || take_signed(d, mod, &a->displacement);
}

static bool address_sib(struct decoder *d)
{
	struct insn_address *a = &d->insn->address;
	u8 sib, index;

	if (!take_byte(d, &sib))
		return false;
	a->scale = sib >> 6;
	index = ((sib >> 3) & 7) | (d->p.rex & REX_X ? 8 : 0);
	a->index = index == RSP ? -1 : (s8)index;
	a->base = (s8)((sib & 7) | (d->p.rex & REX_B ? 8 : 0));
	if ((sib & 7) != 5 || d->modrm >> 6)
		return true;
	a->base = -1;
	return take_signed(d, 4, &a->displacement);
}

static bool address_32(struct decoder *d)
{
	struct insn_address *a = &d->insn->address;
	u8 mod = d->modrm >> 6, rm = d->modrm & 7;

	if (mod == 0 && rm == 5) {
		a->rip = d->code_bits == 64;
		return take_signed(d, 4, &a->displacement);
	}
	if (rm != 4)
		a->base = (s8)(rm | (d->p.rex & REX_B ? 8 : 0));
	else if (!address_sib(d))
		return false;
	return mod == 0 ||
	       take_signed(d, mod == 1 ? 1 : 4, &a->displacement);
}

static bool decode_address(struct decoder *d)
{
	struct insn_address *a = &d->insn->address;

	if (d->modrm >= 0xc0)
		return false;
	if (!(a->bits == 16 ? address_16(d) : address_32(d)))
		return false;
	if (d->p.segment < 0 && (a->base == RSP || a->base == RBP))
		a->segment = SEG_SS;
	return true;
}

/* Without REX, byte registers 4 to 7 are the high halves of 0 to 3. */
static void decode_register(struct decoder *d, const struct insn_row *row)
{
	u8 reg = (d->modrm >> 3) & 7;

	d->insn->high_byte = row->flags & ROW_BYTE && !d->p.rex && reg >= 4;
	d->insn->reg = d->insn->high_byte ? reg - 4 :
					    reg | (d->p.rex & REX_R ? 8 : 0);
}

static bool decode_vector(struct decoder *d)
{
	u8 prefix = d->p.repeat;
	const struct insn_vector_row *row;

	if (!prefix && d->p.operand16)
		prefix = PREFIX_OPERAND16;
	row = insn_vector_row(d->opcode, prefix);
	if (!row)
		return false;
	d->insn->memory_bytes = row->bytes ? row->bytes :
				d->p.rex & REX_W ? 8 : 4;
	d->insn->vector = row->kind;
	/* one opcode is a load or a store by its prefix */
	d->insn->operands = row->kind < VECTOR_STORE ? INSN_R_M : INSN_M_R;
	d->insn->aligned = row->aligned;
	return true;
}

/* The operation, where more than the opcode decides. */
static bool decode_op(struct decoder *d, const struct insn_row *row)
{
	struct insn *i = d->insn;

	i->op = row->op;
	if (row->op_rep && d->p.repeat == PREFIX_REP)
		i->op = row->op_rep;
	if (row->group) {
		const struct insn_group_row *g =
			&insn_groups[row->group][(d->modrm >> 3) & 7];

		i->op = g->op;
		if (g->operands != INSN_AS_ROW)
			i->operands = g->operands;
	}
	if (i->op == INSN_CMPXCHG_PAIR) {
		i->aligned = d->operand == 8;
		i->memory_bytes = i->aligned ? 16 : 8;
	}
	return i->op == INSN_VECTOR ? decode_vector(d) :
				      i->op != INSN_OPS && i->operands;
}

static bool decode_immediate(struct decoder *d)
{
	struct insn *i = d->insn;

	switch ((enum insn_operands)i->operands) {
	case INSN_M_I:
	case INSN_R_M_I:
	case INSN_STACK_I:
		return take_signed(d, i->bytes > 4 ? 4 : i->bytes,
				   &i->immediate);
	case INSN_M_I8:
	case INSN_M_R_I8:
	case INSN_R_M_I8:
	case INSN_STACK_I8:
		return take_signed(d, 1, &i->immediate);
	case INSN_M_1:
		i->immediate = 1;
		return true;
	default:
		return true;
	}
}

/* Memory is where ModRM, an offset, the stack or an index register says. */
static bool decode_memory(struct decoder *d, const struct insn_row *row)
{
	struct insn *i = d->insn;

	switch ((enum insn_operands)row->operands) {
	case INSN_O_A:
	case INSN_A_O:
		return take_signed(d, i->address.bits / 8,
				   &i->address.displacement);
	case INSN_STRING:
	case INSN_STACK_I:
	case INSN_STACK_I8:
		return true;
	case INSN_STACK_R:
		i->reg = (d->opcode & 7) | (d->p.rex & REX_B ? 8 : 0);
		return true;
	default:
		decode_register(d, row);
		return decode_address(d);
	}
}

static bool has_modrm(const struct insn_row *row)
{
	return row->operands < INSN_O_A;
}

static u8 operand_bytes(const struct insn_prefixes *p, u8 code_bits)
{
	if (p->rex & REX_W)
		return 8;
	return (code_bits == 16) != p->operand16 ? 2 : 4;
}

static u8 address_bits(u8 code_bits, bool prefix)
{
	if (!prefix)
		return code_bits;
	return code_bits == 32 ? 16 : 32;
}

static u8 row_bytes(const struct decoder *d, const struct insn_row *row)
{
	if (row->flags & ROW_BYTE)
		return 1;
	if (row->flags & ROW_LONG && d->operand == 2)
		return 4;
	/* the stack's operands have no form of 32 bits there */
	if (d->code_bits == 64 && d->operand == 4 &&
	    (d->insn->op == INSN_PUSH || d->insn->op == INSN_POP))
		return 8;
	return d->operand;
}

static u8 row_memory_bytes(const struct insn_row *row, u8 operand)
{
	if (row->flags & ROW_MEMORY8)
		return 1;
	if (row->flags & ROW_MEMORY16)
		return 2;
	return row->flags & ROW_MEMORY32 ? 4 : operand;
}

static bool row_fits(const struct decoder *d, const struct insn_row *row)
{
	if (row->flags & ROW_ONLY64 && d->code_bits != 64)
		return false;
	return !(row->flags & ROW_NO_REPEAT) || !d->p.repeat;
}

bool insn_decode(const u8 *bytes, size_t count, u8 code_bits,
		 struct insn *insn)
{
	struct decoder d = { .bytes = bytes, .code_bits = code_bits,
			     .insn = insn };
	const struct insn_row *row;

	d.count = count < INSN_BYTES_MAX ? count : INSN_BYTES_MAX;
	if (!insn_prefixes(bytes, d.count, code_bits, &d.p))
		return false;
	d.at = d.p.bytes;
	d.operand = operand_bytes(&d.p, code_bits);
	row = decode_opcode(&d);
	if (!row || !row->operands || !row_fits(&d, row) ||
	    (has_modrm(row) && !take_byte(&d, &d.modrm)))
		return false;
	*insn = (struct insn){
		.operands = row->operands,
		.condition = d.opcode & 15,
		.repeat = d.p.repeat,
		.address = { .bits = address_bits(code_bits, d.p.address_size),
			     .segment = d.p.segment < 0 ? SEG_DS : d.p.segment,
			     .base = -1, .index = -1 },
	};
	if (!decode_op(&d, row))
		return false;
	insn->bytes = row_bytes(&d, row);
	if (!insn->memory_bytes)
		insn->memory_bytes = row_memory_bytes(row, insn->bytes);
	if (!decode_memory(&d, row) || !decode_immediate(&d))
		return false;
	insn->len = (u8)d.at;
	return true;
}
