/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control registers. Nested paging leaves all of them to the guest but CR8,
 * which is the local APIC's task priority, and writes to CR4; XCR0 exits where
 * the CPU has features that guests are not shown.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/exit/cr4.h"
#include "vmm-core/exit/insn.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/vcpu/context.h"
#include "vmm-core/vcpu/vm.h"

#define OPCODE_XSETBV	0xd1010f

/* The hardware has checked CPL and CR4.OSXSAVE. */
void handle_xsetbv(struct vcpu *vcpu, struct exit_info *exit)
{
	u64 value = (u32)vcpu->gpr[RAX] | vcpu->gpr[RDX] << 32;

	exit->detail = vcpu->gpr[RCX];
	if ((u32)vcpu->gpr[RCX] != 0 || !xcr0_valid(value))
		return vcpu_inject_gp(vcpu);
	if (insn_skip(vcpu, exit, OPCODE_XSETBV, 3))
		write_xcr0(value);
}

static u64 cr_source(const struct vcpu *vcpu, const struct insn_mov_cr *mov)
{
	u64 value = vcpu->gpr[mov->gpr];

	return vcpu->code_bits == 64 ? value : (u32)value;
}

static bool cr8_access(struct vcpu *vcpu, const struct insn_mov_cr *mov)
{
	if (mov->write && cr_source(vcpu, mov) > 15)
		return false;
	if (mov->write)
		lapic_cr8_write(&vcpu->lapic, vcpu->gpr[mov->gpr]);
	else
		vcpu->gpr[mov->gpr] = lapic_cr8_read(&vcpu->lapic);
	return true;
}

void handle_cr_access(struct vcpu *vcpu, struct exit_info *exit)
{
	u8 insn[INSN_BYTES_MAX];
	size_t have = insn_fetch(vcpu, insn);
	struct insn_mov_cr mov = insn_mov_cr(insn, have, vcpu->code_bits);

	if (!mov.len)
		return;
	/* LOCK MOV CR0 is how 32-bit code says CR8 */
	if (mov.cr == 0)
		mov.cr = 8;
	exit->detail = mov.cr | (mov.write ? EVENT_DETAIL_WRITE : 0);
	if (unlikely(mov.cr == 8 ? !cr8_access(vcpu, &mov) :
		     mov.cr != 4 || !cr4_write(vcpu, cr_source(vcpu, &mov))))
		return vcpu_inject_gp(vcpu);
	vcpu_skip(vcpu, exit, mov.len);
}
