/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Completing an instruction that touched a device's page.
 *
 * Faults come before any effect, so that the instruction can be run again;
 * a string instruction keeps the elements that it has done.
 */
#ifndef VMM_CORE_EXIT_INSN_RUN_H
#define VMM_CORE_EXIT_INSN_RUN_H

#include "vmm-core/exit/insn_memory.h"

/* Elements of a string moved before interrupts get their turn. */
#define INSN_ELEMENTS_MAX 1024

/* Completes it, or raises the fault that it makes. */
void insn_run(struct vcpu *vcpu, struct exit_info *exit,
	      const struct insn *insn);
/* The same for a string instruction, as far as it may go. */
void insn_string(struct vcpu *vcpu, struct exit_info *exit,
		 const struct insn *insn);

static inline u64 insn_register(const struct vcpu *vcpu,
				const struct insn *insn)
{
	return vcpu->gpr[insn->reg] >> (insn->high_byte ? 8 : 0);
}

/* As the CPU does: 32 bits come with a clear upper half, less leaves the
 * rest of the register alone. */
static inline void insn_gpr_set(struct vcpu *vcpu, u8 gpr, u8 bytes, u64 value)
{
	u64 mask = insn_mask(bytes);

	if (bytes < 4)
		value = (vcpu->gpr[gpr] & ~mask) | (value & mask);
	vcpu->gpr[gpr] = value;
}

#endif
