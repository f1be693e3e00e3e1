/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RDMSR and WRMSR of what the hardware does not virtualize by itself. An
 * MSR that is not here does not exist: #GP, as on the bare machine, and the
 * exit's record says that it was refused.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/dev/irq/lapic_regs.h"
#include "vmm-core/dev/irq/lapic_timer.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/pv/pv_eoi.h"
#include "vmm-core/pv/pvclock.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"

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

/* The guest's TSC jumps by delta; its deadlines are in its own time. */
static void tsc_move(struct vcpu *vcpu, u64 delta)
{
	struct lapic *apic = &vcpu->lapic;

	vcpu->tsc_offset += delta;
	vcpu->tsc_adjust += delta;
	hv->set_tsc_offset(vcpu, vcpu->tsc_offset);
	if (apic->timer_deadline)
		lapic_timer_set_deadline(apic, apic->timer_deadline - delta,
					 rdtsc());
	pvclock_tsc_moved(vcpu);
}

static u64 deadline_read(struct vcpu *vcpu)
{
	u64 deadline = vcpu->lapic.timer_deadline;

	return deadline ? deadline + vcpu->tsc_offset : 0;
}

/* 0 disarms; no other deadline of the guest may become it. */
static void deadline_write(struct vcpu *vcpu, u64 value)
{
	u64 deadline = value - vcpu->tsc_offset;

	lapic_timer_set_deadline(&vcpu->lapic,
				 value && !deadline ? 1 : value ? deadline : 0,
				 rdtsc());
}

bool msr_read(struct vcpu *vcpu, u32 index, u64 *value)
{
	switch (index) {
	case MSR_EFER:
		*value = efer_read(vcpu);
		return true;
	case MSR_PAT:
		*value = vcpu->msr_pat;
		return true;
	case MSR_TSC:
		*value = rdtsc() + vcpu->tsc_offset;
		return true;
	case MSR_TSC_ADJUST:
		*value = vcpu->tsc_adjust;
		return true;
	case MSR_TSC_DEADLINE:
		*value = deadline_read(vcpu);
		return true;
	case MSR_MISC_ENABLE:
		*value = MISC_ENABLE_FAST_STRING | MISC_ENABLE_NO_BTS |
			 MISC_ENABLE_NO_PEBS;
		return true;
	case MSR_KVM_PV_EOI:
		*value = vcpu->lapic.pv_eoi_msr;
		return true;
	case MSR_DE_CFG:
		*value = DE_CFG_LFENCE_SERIALIZE;
		return true;
	/* probed without a CPUID bit that says they are there */
	case MSR_PLATFORM_ID:
	case MSR_EBL_CR_POWERON:
	case MSR_P6_PERFCTR0:
	case MSR_P6_PERFCTR1:
	case MSR_P6_EVNTSEL0:
	case MSR_P6_EVNTSEL1:
	case MSR_MTRR_CAP:
	case MSR_K7_EVNTSEL0 ... MSR_K7_PERFCTR3:
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
	case MSR_TSC:
		tsc_move(vcpu, value - (rdtsc() + vcpu->tsc_offset));
		return true;
	case MSR_TSC_ADJUST:
		tsc_move(vcpu, value - vcpu->tsc_adjust);
		return true;
	case MSR_TSC_DEADLINE:
		deadline_write(vcpu, value);
		return true;
	/* errata workarounds and tuning that kernels try; without effect */
	case MSR_EBL_CR_POWERON:
	case MSR_P6_PERFCTR0:
	case MSR_P6_PERFCTR1:
	case MSR_P6_EVNTSEL0:
	case MSR_P6_EVNTSEL1:
	case MSR_MISC_ENABLE:
	case MSR_K7_EVNTSEL0 ... MSR_K7_PERFCTR3:
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

/* An MSR that is not there: #GP, unless the VM is to go on. false: #GP. */
static bool __cold msr_refuse(struct vcpu *vcpu, struct exit_info *exit)
{
	if (vcpu->vm->msr_ignore)
		return true;
	exit->detail |= EVENT_DETAIL_REFUSED;
	vcpu_inject_gp(vcpu);
	return false;
}

void handle_msr_read(struct vcpu *vcpu, struct exit_info *exit)
{
	u32 index = (u32)vcpu->gpr[RCX];
	u64 value = 0;

	exit->detail = index;
	if (unlikely(!msr_read(vcpu, index, &value)) &&
	    !msr_refuse(vcpu, exit))
		return;
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
	if (unlikely(!msr_write(vcpu, index, value)) &&
	    !msr_refuse(vcpu, exit))
		vcpu->rip = exit->rip;
}
