/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MOVS, CMPS, STOS, LODS and SCAS with either end, or both, in a device's
 * memory.
 */
#include "vmm-core/exit/insn_run.h"

#include "vmm-core/exit/insn_alu.h"
#include "vmm-core/vcpu/event.h"

static bool uses_source(const struct insn *insn)
{
	return insn->op == INSN_MOVS || insn->op == INSN_CMPS ||
	       insn->op == INSN_LODS;
}

static bool uses_destination(const struct insn *insn)
{
	return insn->op != INSN_LODS;
}

static bool compares(const struct insn *insn)
{
	return insn->op == INSN_CMPS || insn->op == INSN_SCAS;
}

static bool element_map(struct vcpu *vcpu, const struct insn *insn, u8 index,
			struct insn_memory *m)
{
	bool source = index == RSI;

	return insn_memory_map(vcpu, &(struct insn_access){
		.segment = source ? (enum segment)insn->address.segment :
				    SEG_ES,
		.offset = insn_address_set(0, vcpu->gpr[index],
					   insn->address.bits),
		.bytes = insn->bytes,
		.write = !source && !compares(insn),
	}, m);
}

static void element_step(struct vcpu *vcpu, const struct insn *insn, u8 index)
{
	u64 step = vcpu->rflags & RFLAGS_DF ? -(u64)insn->bytes : insn->bytes;
	u64 *gpr = &vcpu->gpr[index];

	*gpr = insn_address_set(*gpr, *gpr + step, insn->address.bits);
}

static void element_compare(struct vcpu *vcpu, const struct insn *insn,
			    u64 first, u64 second)
{
	struct insn_alu a = { .dst = first, .src = second,
			      .rflags = vcpu->rflags };

	insn_alu(INSN_CMP, insn->bytes, &a);
	vcpu->rflags = a.rflags;
}

/* One element; false: it faults, and nothing of it is done. */
static bool element_run(struct vcpu *vcpu, const struct insn *insn)
{
	bool source = uses_source(insn), destination = uses_destination(insn);
	union insn_value value = { .word = { vcpu->gpr[RAX] } }, other;
	struct insn_memory from, to;

	if ((source && !element_map(vcpu, insn, RSI, &from)) ||
	    (destination && !element_map(vcpu, insn, RDI, &to)))
		return false;
	if (source) {
		value.word[0] = 0;
		insn_memory_read(vcpu, &from, &value);
	}
	if (compares(insn)) {
		other.word[0] = 0;
		insn_memory_read(vcpu, &to, &other);
		element_compare(vcpu, insn, value.word[0], other.word[0]);
	} else if (destination) {
		insn_memory_write(vcpu, &to, &value);
	} else {
		insn_gpr_set(vcpu, RAX, insn->bytes, value.word[0]);
	}
	if (source)
		element_step(vcpu, insn, RSI);
	if (destination)
		element_step(vcpu, insn, RDI);
	return true;
}

/* Whether the comparison ends a REPE or REPNE. */
static bool comparison_ends(const struct vcpu *vcpu, const struct insn *insn)
{
	bool equal = vcpu->rflags & RFLAGS_ZF;

	return compares(insn) && equal != (insn->repeat == PREFIX_REP);
}

void insn_string(struct vcpu *vcpu, struct exit_info *exit,
		 const struct insn *insn)
{
	u64 *count = &vcpu->gpr[RCX];
	u8 bits = insn->address.bits;

	if (!insn->repeat) {
		if (element_run(vcpu, insn))
			vcpu_skip(vcpu, exit, insn->len);
		return;
	}
	for (int n = 0; n < INSN_ELEMENTS_MAX; n++) {
		if (!insn_address_set(0, *count, bits))
			break;
		if (vcpu_stopping(vcpu) || !element_run(vcpu, insn))
			return;
		*count = insn_address_set(*count, *count - 1, bits);
		if (comparison_ends(vcpu, insn) ||
		    !insn_address_set(0, *count, bits))
			break;
		/* a trap flag stops behind every element */
		if (unlikely(vcpu->rflags & RFLAGS_TF))
			return vcpu_trap(vcpu);
		if (n == INSN_ELEMENTS_MAX - 1)
			return;
	}
	vcpu_skip(vcpu, exit, insn->len);
}
