/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RDMSR and WRMSR of what the hardware does not virtualize by itself. An
 * MSR that is not here does not exist: #GP, as on the bare machine.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/dev/irq/lapic_regs.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/pv/pv_eoi.h"
#include "vmm-core/pv/pvclock.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"

#define OPCODE_RDMSR	0x320f
#define OPCODE_WRMSR	0x300f

#define MSR_TSC		0x10
#define MSR_PATCH_LEVEL	0x8b
#define MSR_PAT		0x277
#define MSR_DEBUGCTL	0x1d9
#define MSR_XSS		0xda0
#define MSR_EFER	0xc0000080
#define MSR_SYSCFG	0xc0010010
#define MSR_HWCR	0xc0010015
#define MSR_NB_CFG	0xc001001f
#define MSR_INTP	0xc0010055
#define MSR_LS_CFG	0xc0011020
#define MSR_IC_CFG	0xc0011021
#define MSR_DC_CFG	0xc0011022
#define MSR_DE_CFG	0xc0011029
#define DE_CFG_LFENCE_SERIALIZE BIT(1)

#define EFER_SCE	BIT(0)
#define EFER_LME	BIT(8)
#define EFER_LMA	BIT(10)
#define EFER_NXE	BIT(11)
#define EFER_FFXSR	BIT(14)
#define EFER_WRITABLE	(EFER_SCE | EFER_LME | EFER_NXE | EFER_FFXSR)
#define CR0_PG		BIT(31)

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
