/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exit handlers, by family, as exit.c dispatches to them.
 *
 * Each completes the instruction with vcpu_skip(), injects an exception
 * instead, or leaves RIP alone so that the guest tries again.
 */
#ifndef VMM_CORE_EXIT_HANDLERS_H
#define VMM_CORE_EXIT_HANDLERS_H

#include "vmm-core/vcpu/event.h"

/* RIP behind an instruction whose opcode is the low `bytes` bytes of
 * `opcode`; false: the guest has changed its code meanwhile. */
bool insn_skip(struct vcpu *vcpu, struct exit_info *exit, u32 opcode, u8 bytes);
/* The instruction at RIP: bytes copied, up to INSN_BYTES_MAX. */
size_t insn_fetch(struct vcpu *vcpu, u8 *insn);

#define OPCODE_CPUID	0xa20f
#define OPCODE_RDMSR	0x320f

/* Whether the machine's own answer is the guest's; leaves that are in no hurry
 * may be missing. */
static inline bool cpuid_is_plain(u32 leaf)
{
	return leaf == 0 || (leaf >= 2 && leaf <= 4);
}

/* Puts the answer into the guest's registers; returns the exit's detail. */
u64 cpuid_answer(struct vcpu *vcpu, u32 leaf);

/* The value of an MSR; false: #GP. Changes nothing. */
bool msr_read(struct vcpu *vcpu, u32 index, u64 *value);

void handle_cpuid(struct vcpu *vcpu, struct exit_info *exit);
void handle_msr_read(struct vcpu *vcpu, struct exit_info *exit);
void handle_msr_write(struct vcpu *vcpu, struct exit_info *exit);
void handle_io(struct vcpu *vcpu, struct exit_info *exit);
void handle_npf(struct vcpu *vcpu, struct exit_info *exit);
void handle_hypercall(struct vcpu *vcpu, struct exit_info *exit);
void handle_cr_access(struct vcpu *vcpu, struct exit_info *exit);
void handle_xsetbv(struct vcpu *vcpu, struct exit_info *exit);

#endif
