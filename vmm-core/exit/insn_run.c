/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions with an operand in a device's memory: where it is, what is
 * read, what comes of it, and where that goes.
 */
#include "vmm-core/exit/insn_run.h"

#include "vmm-core/exit/insn_alu.h"
#include "vmm-core/exit/insn_vector.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/event.h"

/* An instruction under way. */
struct run {
	struct vcpu *vcpu;
	const struct insn *insn;
	struct insn_memory memory;
	union insn_value value;	/* of the operand in memory */
};

/* Operations that leave their first operand alone. */
#define WRITE_NOTHING	(BIT(INSN_CMP) | BIT(INSN_TEST) | BIT(INSN_BT) |	\
			 BIT(INSN_MUL_A) | BIT(INSN_IMUL_A) |		\
			 BIT(INSN_PUSH) | BIT(INSN_TOUCH))
/* Operations that do not need its old value. */
#define READ_NOTHING	(BIT(INSN_MOV) | BIT(INSN_MOVBE) |		\
			 BIT(INSN_SETCC) | BIT(INSN_POP) |		\
			 BIT(INSN_TOUCH))
#define MEMORY_SECOND	(BIT(INSN_R_M) | BIT(INSN_R_M_I) |		\
			 BIT(INSN_R_M_I8) | BIT(INSN_A_O))
_Static_assert(INSN_OPS <= 64, "a bit each");

static bool memory_is_destination(const struct insn *insn)
{
	return !(BIT(insn->operands) & MEMORY_SECOND);
}

static bool memory_is_written(const struct insn *insn)
{
	return memory_is_destination(insn) &&
	       !(BIT(insn->op) & WRITE_NOTHING);
}

static bool memory_is_read(const struct insn *insn)
{
	if (insn->op == INSN_VECTOR)
		return !memory_is_destination(insn);
	return !memory_is_destination(insn) ||
	       !(BIT(insn->op) & READ_NOTHING);
}

static u64 sign_extend(u64 value, u8 bytes)
{
	unsigned int unused = 64 - 8 * bytes;

	return (u64)((s64)(value << unused) >> unused);
}

/* A bit's number may lead far from the address: by whole operands. */
static u64 bit_offset(const struct run *r)
{
	const struct insn *insn = r->insn;

	if (insn->op < INSN_BT || insn->op > INSN_BTC ||
	    insn->operands != INSN_M_R)
		return 0;
	return (u64)((s64)sign_extend(insn_register(r->vcpu, insn),
				      insn->bytes) >> 3) &
	       ~(u64)(insn->bytes - 1);
}

static u64 operand_offset(const struct run *r)
{
	const struct insn_address *a = &r->insn->address;
	const struct vcpu *vcpu = r->vcpu;
	u64 offset = a->displacement + bit_offset(r);

	if (a->base >= 0)
		offset += vcpu->gpr[a->base];
	if (a->index >= 0)
		offset += vcpu->gpr[a->index] << a->scale;
	if (a->rip)
		offset += vcpu->rip + r->insn->len;
	/* POP moves RSP before it looks where to store */
	if (r->insn->op == INSN_POP && a->base == RSP)
		offset += r->insn->bytes;
	return insn_address_set(0, offset, a->bits);
}

/* No base but the flat one: the offset is the linear address. */
static bool is_flat(const struct run *r)
{
	return r->vcpu->code_bits == 64 && r->insn->address.segment < SEG_FS;
}

/*
 * The hardware has said where the access goes, unless more than one page or
 * the page tables are involved, or it has not asked for the write yet. An
 * address at the begin of a page may be the second half of an access.
 */
static bool known_by_exit(const struct run *r, const struct exit_info *exit)
{
	const struct insn *insn = r->insn;
	u64 offset = exit->npf.gpa % PAGE_BYTES;

	if (unlikely(exit->npf.walk || insn->aligned ||
		     exit->npf.write != memory_is_written(insn)))
		return false;
	if (unlikely(!offset))
		return is_flat(r) && !(operand_offset(r) % PAGE_BYTES);
	return offset + insn->memory_bytes <= PAGE_BYTES;
}

static bool operand_map(struct run *r, const struct exit_info *exit)
{
	const struct insn *insn = r->insn;

	if (likely(known_by_exit(r, exit))) {
		r->memory.part[0] = (struct insn_memory_part){
			.gpa = exit->npf.gpa, .bytes = insn->memory_bytes };
		r->memory.part[1].bytes = 0;
		return true;
	}
	return insn_memory_map(r->vcpu, &(struct insn_access){
		.segment = (enum segment)insn->address.segment,
		.offset = operand_offset(r),
		.bytes = insn->memory_bytes,
		.write = memory_is_written(insn),
		.aligned = insn->aligned,
	}, &r->memory);
}

static void run_alu(struct run *r)
{
	const struct insn *insn = r->insn;
	struct vcpu *vcpu = r->vcpu;
	u64 *memory = &r->value.word[0];
	struct insn_alu a = { .dst = *memory, .src = insn->immediate,
			      .count = insn->immediate,
			      .rflags = vcpu->rflags };

	switch ((enum insn_operands)insn->operands) {
	case INSN_M_R_CL:
		a.count = vcpu->gpr[RCX];
		a.src = insn_register(vcpu, insn);
		break;
	case INSN_M_CL:
		a.count = vcpu->gpr[RCX];
		break;
	case INSN_M_R:
	case INSN_M_R_I8:
		a.src = insn_register(vcpu, insn);
		break;
	case INSN_R_M:
		a.dst = insn_register(vcpu, insn);
		a.src = *memory;
		break;
	case INSN_R_M_I:
	case INSN_R_M_I8:
		a.dst = insn->immediate;
		a.src = *memory;
		break;
	default:
		break;
	}
	insn_alu((enum insn_op)insn->op, insn->bytes, &a);
	vcpu->rflags = a.rflags;
	*memory = a.dst;
}

static void run_multiply(struct run *r)
{
	u64 *gpr = r->vcpu->gpr;
	struct insn_alu a = { .dst = gpr[RAX], .src = r->value.word[0],
			      .high = gpr[RDX], .rflags = r->vcpu->rflags };

	insn_alu((enum insn_op)r->insn->op, r->insn->bytes, &a);
	gpr[RAX] = a.dst;
	gpr[RDX] = a.high;
	r->vcpu->rflags = a.rflags;
}

static u64 byte_swap(u64 value, u8 bytes)
{
	return __builtin_bswap64(value) >> (64 - 8 * bytes);
}

static void register_set(struct run *r, u64 value)
{
	const struct insn *insn = r->insn;
	u64 *gpr = &r->vcpu->gpr[insn->reg];

	if (insn->high_byte)
		*gpr = (*gpr & ~0xff00ull) | (value & 0xff) << 8;
	else
		insn_gpr_set(r->vcpu, insn->reg, insn->bytes, value);
}

/* The value of the move, which is stored by the caller. */
static void run_move(struct run *r)
{
	const struct insn *insn = r->insn;
	u64 *value = &r->value.word[0];

	if (insn->operands == INSN_M_R)
		*value = insn_register(r->vcpu, insn);
	else if (insn->operands == INSN_M_I)
		*value = insn->immediate;
	else if (insn->operands == INSN_O_A)
		*value = r->vcpu->gpr[RAX];
	if (insn->op == INSN_MOVBE)
		*value = byte_swap(*value, insn->bytes);
	else if (insn->op == INSN_MOVSX)
		*value = sign_extend(*value, insn->memory_bytes) &
			 insn_mask(insn->bytes);
}

/* XCHG and XADD: the register gets what was in memory. */
static void run_exchange(struct run *r)
{
	u64 old = r->value.word[0];

	if (r->insn->op == INSN_XADD) {
		struct insn_alu a = { .dst = old, .rflags = r->vcpu->rflags,
				      .src = insn_register(r->vcpu, r->insn) };

		insn_alu(INSN_ADD, r->insn->bytes, &a);
		r->vcpu->rflags = a.rflags;
		r->value.word[0] = a.dst;
	} else {
		r->value.word[0] = insn_register(r->vcpu, r->insn);
	}
	register_set(r, old);
}

/* An old value that stays is written back all the same. */
static void run_compare_exchange(struct run *r)
{
	struct vcpu *vcpu = r->vcpu;
	struct insn_alu a = { .dst = vcpu->gpr[RAX], .src = r->value.word[0],
			      .rflags = vcpu->rflags };

	insn_alu(INSN_CMP, r->insn->bytes, &a);
	vcpu->rflags = a.rflags;
	if (a.rflags & RFLAGS_ZF)
		r->value.word[0] = insn_register(vcpu, r->insn);
	else
		insn_gpr_set(vcpu, RAX, r->insn->bytes, r->value.word[0]);
}

static void half_set(struct run *r, u8 at, u8 bytes, u64 value)
{
	__builtin_memcpy(r->value.byte + at, &value, bytes == 8 ? 8 : 4);
}

static void run_compare_exchange_pair(struct run *r)
{
	struct vcpu *vcpu = r->vcpu;
	u8 half = r->insn->memory_bytes / 2;
	u64 mask = insn_mask(half), low = r->value.word[0] & mask;
	u64 high = half == 8 ? r->value.word[1] : r->value.word[0] >> 32;

	if (low == (vcpu->gpr[RAX] & mask) &&
	    high == (vcpu->gpr[RDX] & mask)) {
		half_set(r, 0, half, vcpu->gpr[RBX]);
		half_set(r, half, half, vcpu->gpr[RCX]);
		vcpu->rflags |= RFLAGS_ZF;
		return;
	}
	vcpu->gpr[RAX] = low;
	vcpu->gpr[RDX] = high;
	vcpu->rflags &= ~RFLAGS_ZF;
}

/* The register is written also when the condition fails. */
static void run_conditional_move(struct run *r)
{
	u64 old = insn_register(r->vcpu, r->insn);

	if (!insn_condition(r->insn->condition, r->vcpu->rflags))
		r->value.word[0] = old & insn_mask(r->insn->bytes);
}

static void run_vector(struct run *r)
{
	if (memory_is_written(r->insn))
		xmm_store(r->insn, &r->value);
	else
		xmm_load(r->insn, &r->value);
}

/* Between what was read and what is written. */
static void run_op(struct run *r)
{
	switch ((enum insn_op)r->insn->op) {
	case INSN_MOV:
	case INSN_MOVZX:
	case INSN_MOVSX:
	case INSN_MOVBE:
		return run_move(r);
	case INSN_XCHG:
	case INSN_XADD:
		return run_exchange(r);
	case INSN_CMPXCHG:
		return run_compare_exchange(r);
	case INSN_CMPXCHG_PAIR:
		return run_compare_exchange_pair(r);
	case INSN_MUL_A:
	case INSN_IMUL_A:
		return run_multiply(r);
	case INSN_SETCC:
		r->value.word[0] = insn_condition(r->insn->condition,
						  r->vcpu->rflags);
		return;
	case INSN_CMOVCC:
		return run_conditional_move(r);
	case INSN_VECTOR:
		return run_vector(r);
	case INSN_TOUCH:
		return;
	default:
		return run_alu(r);
	}
}

static bool register_is_written(const struct insn *insn)
{
	return !memory_is_destination(insn) && insn->op != INSN_CMP &&
	       insn->op != INSN_VECTOR;
}

static bool run_operand(struct run *r, const struct exit_info *exit)
{
	if (!operand_map(r, exit))
		return false;
	if (memory_is_read(r->insn))
		insn_memory_read(r->vcpu, &r->memory, &r->value);
	run_op(r);
	if (memory_is_written(r->insn))
		insn_memory_write(r->vcpu, &r->memory, &r->value);
	if (register_is_written(r->insn))
		register_set(r, r->value.word[0]);
	return true;
}

static u8 stack_bits(struct vcpu *vcpu)
{
	struct segment_state state;

	if (vcpu->code_bits == 64)
		return 64;
	hv->get_segment(vcpu, SEG_SS, &state);
	return state.attributes & SEG_DEFAULT32 ? 32 : 16;
}

static bool stack_map(struct run *r, u64 rsp, u8 bits, struct insn_memory *m)
{
	return insn_memory_map(r->vcpu, &(struct insn_access){
		.segment = SEG_SS,
		.offset = insn_address_set(0, rsp, bits),
		.bytes = r->insn->bytes, .write = r->insn->op == INSN_PUSH,
	}, m);
}

static bool run_push(struct run *r, const struct exit_info *exit)
{
	struct vcpu *vcpu = r->vcpu;
	u64 rsp = vcpu->gpr[RSP] - r->insn->bytes;
	u8 bits = stack_bits(vcpu);
	struct insn_memory stack;

	if (!stack_map(r, rsp, bits, &stack) ||
	    (r->insn->operands == INSN_M && !operand_map(r, exit)))
		return false;
	if (r->insn->operands == INSN_M)
		insn_memory_read(vcpu, &r->memory, &r->value);
	else if (r->insn->operands == INSN_STACK_R)
		r->value.word[0] = insn_register(vcpu, r->insn);
	else
		r->value.word[0] = r->insn->immediate;
	insn_memory_write(vcpu, &stack, &r->value);
	vcpu->gpr[RSP] = insn_address_set(vcpu->gpr[RSP], rsp, bits);
	return true;
}

static bool run_pop(struct run *r, const struct exit_info *exit)
{
	struct vcpu *vcpu = r->vcpu;
	u64 rsp = vcpu->gpr[RSP];
	u8 bits = stack_bits(vcpu);
	struct insn_memory stack;

	if (!stack_map(r, rsp, bits, &stack) ||
	    (r->insn->operands == INSN_M && !operand_map(r, exit)))
		return false;
	insn_memory_read(vcpu, &stack, &r->value);
	vcpu->gpr[RSP] = insn_address_set(rsp, rsp + r->insn->bytes, bits);
	if (r->insn->operands == INSN_M)
		insn_memory_write(vcpu, &r->memory, &r->value);
	else
		register_set(r, r->value.word[0]);
	return true;
}

void insn_run(struct vcpu *vcpu, struct exit_info *exit,
	      const struct insn *insn)
{
	struct run r;
	bool done;

	if (insn->operands == INSN_STRING)
		return insn_string(vcpu, exit, insn);
	r.vcpu = vcpu;
	r.insn = insn;
	r.value.word[0] = 0;
	if (insn->op == INSN_PUSH)
		done = run_push(&r, exit);
	else if (insn->op == INSN_POP)
		done = run_pop(&r, exit);
	else
		done = run_operand(&r, exit);
	if (done)
		vcpu_skip(vcpu, exit, insn->len);
}
