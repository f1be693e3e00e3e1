/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RDMSR and WRMSR of what the hardware does not virtualize by itself. An
 * MSR that is not here does not exist: #GP, as on the bare machine.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/dev/irq/lapic_regs.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/pv/pv_eoi.h"
#include "vmm-core/pv/pvclock.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"

#define OPCODE_RDMSR	0x320f
#define OPCODE_WRMSR	0x300f

#define EFER_WRITABLE	(EFER_SCE | EFER_LME | EFER_NXE | EFER_FFXSR)

static u64 efer_read(const struct vcpu *vcpu)
{
	return vcpu->pub->efer & (EFER_WRITABLE | EFER_LMA);
}

/* LME cannot change under paging; LMA follows paging, not the write. */
static bool efer_write(struct vcpu *vcpu, u64 value)
{
	u64 old = efer_read(vcpu);

	value &= ~EFER_LMA;
	if (value & ~EFER_WRITABLE)
		return false;
	if ((vcpu->pub->cr0 & CR0_PG) && ((old ^ value) & EFER_LME))
		return false;
	hv->set_efer(vcpu, value | (old & EFER_LMA));
	return true;
}

/* Eight memory types, of which 2, 3 and above 7 do not exist. */
static bool pat_write(struct vcpu *vcpu, u64 value)
{
	for (unsigned int i = 0; i < 64; i += 8) {
		u8 type = (u8)(value >> i);

		if (type > 7 || type == 2 || type == 3)
			return false;
	}
	vcpu->msr_pat = value;
	hv->set_pat(vcpu, value);
	return true;
}

static bool msr_read(struct vcpu *vcpu, u32 index, u64 *value)
{
	switch (index) {
	case MSR_EFER:
		*value = efer_read(vcpu);
		return true;
	case MSR_PAT:
		*value = vcpu->msr_pat;
		return true;
	case MSR_TSC:
		*value = rdtsc();
		return true;
	case MSR_KVM_PV_EOI:
		*value = vcpu->lapic.pv_eoi_msr;
		return true;
	case MSR_DE_CFG:
		*value = DE_CFG_LFENCE_SERIALIZE;
		return true;
	case MSR_PATCH_LEVEL:
	case MSR_DEBUGCTL:
	case MSR_XSS:
	case MSR_SYSCFG:
	case MSR_HWCR:
	case MSR_NB_CFG:
	case MSR_INTP:
	case MSR_LS_CFG:
	case MSR_IC_CFG:
	case MSR_DC_CFG:
		*value = 0;
		return true;
	}
	return lapic_msr_read(&vcpu->lapic, index, value);
}

static bool msr_write(struct vcpu *vcpu, u32 index, u64 value)
{
	switch (index) {
	case MSR_EFER:
		return efer_write(vcpu, value);
	case MSR_PAT:
		return pat_write(vcpu, value);
	case MSR_XSS:
		return value == 0;
	/* errata workarounds and tuning that kernels try; without effect */
	case MSR_PATCH_LEVEL:
	case MSR_DEBUGCTL:
	case MSR_SYSCFG:
	case MSR_HWCR:
	case MSR_NB_CFG:
	case MSR_INTP:
	case MSR_LS_CFG:
	case MSR_IC_CFG:
	case MSR_DC_CFG:
	case MSR_DE_CFG:
		return true;
	}
	return lapic_msr_write(&vcpu->lapic, index, value) ||
	       pvclock_msr_write(vcpu, index, value) ||
	       pv_eoi_msr_write(vcpu, index, value);
}

void handle_msr_read(struct vcpu *vcpu, struct exit_info *exit)
{
	u32 index = (u32)vcpu->gpr[RCX];
	u64 value;

	exit->detail = index;
	if (!msr_read(vcpu, index, &value))
		return vcpu_inject_gp(vcpu);
	if (!insn_skip(vcpu, exit, OPCODE_RDMSR, 2))
		return;
	vcpu->gpr[RAX] = (u32)value;
	vcpu->gpr[RDX] = value >> 32;
}

void handle_msr_write(struct vcpu *vcpu, struct exit_info *exit)
{
	u32 index = (u32)vcpu->gpr[RCX];
	u64 value = (u32)vcpu->gpr[RAX] | vcpu->gpr[RDX] << 32;

	exit->detail = index;
	if (!insn_skip(vcpu, exit, OPCODE_WRMSR, 2))
		return;
	if (!msr_write(vcpu, index, value)) {
		vcpu->rip = exit->rip;
		vcpu_inject_gp(vcpu);
	}
}
