/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translates an exit from the VMCB into struct exit_info.
 */
#include "vmm-core/svm/svm.h"

static u16 exit_reason(u32 code)
{
	switch (code) {
#define SVM_EXIT(c, NAME, neutral) case (c): return EXIT_##neutral;
#include "vmm-core/abi/exits_svm.def"
	}
	return EXIT_UNKNOWN;
}

static void decode_io(const struct vmcb *vmcb, struct exit_info *exit)
{
	u64 info = vmcb->exitinfo1;

	exit->io = (struct exit_io){
		.port = (u16)(info >> IOIO_PORT_SHIFT),
		.bytes = (info >> IOIO_SIZE_SHIFT) & 7,
		.in = info & IOIO_IN,
		.string = info & IOIO_STRING,
		.rep = info & IOIO_REP,
	};
	exit->insn_len = (u8)(vmcb->exitinfo2 - vmcb->rip);
}

static void decode_npf(const struct vmcb *vmcb, struct exit_info *exit)
{
	exit->npf = (struct exit_npf){
		.gpa = vmcb->exitinfo2,
		.write = vmcb->exitinfo1 & NPF_WRITE,
		.fetch = vmcb->exitinfo1 & NPF_FETCH,
		.walk = vmcb->exitinfo1 & NPF_WALK,
	};
	exit->detail = EVENT_NPF(vmcb->exitinfo2, exit->npf.fetch ?
		EVENT_ACCESS_FETCH : exit->npf.write ? EVENT_ACCESS_WRITE :
						       EVENT_ACCESS_READ, 0);
}

static void decode_exception(const struct vmcb *vmcb, struct exit_info *exit)
{
	exit->detail = exit->raw_code - SVM_EXIT_EXCP0;
	exit->detail |= (u64)(u32)vmcb->exitinfo1 << 32;
}

/* How RIP is to be read: 64-bit code has no base. */
static void decode_code_segment(const struct vmcb *vmcb, struct vcpu *vcpu)
{
	vcpu->code_base = 0;
	if (likely(svm_is_64bit(vmcb))) {
		vcpu->code_bits = 64;
		return;
	}
	vcpu->code_bits = vmcb->cs.attributes & SEG_DEFAULT32 ? 32 : 16;
	vcpu->code_base = vmcb->cs.base;
}

static void decode_state(struct vcpu *vcpu)
{
	const struct vmcb *vmcb = svm_vcpu(vcpu)->vmcb;

	vcpu->gpr[RAX] = vmcb->rax;
	vcpu->gpr[RSP] = vmcb->rsp;
	vcpu->rip = vmcb->rip;
	vcpu->rflags = vmcb->rflags;
	vcpu->irq_shadow = vmcb->interrupt_shadow & INTERRUPT_SHADOW;
	vcpu->cpl = vmcb->cpl;
	svm_publish(vcpu->pub, vmcb);
	decode_code_segment(vmcb, vcpu);
}

void svm_decode(struct vcpu *vcpu, struct exit_info *exit)
{
	const struct vmcb *vmcb = svm_vcpu(vcpu)->vmcb;

	decode_state(vcpu);
	exit->rip = vmcb->rip;
	exit->cr3 = vmcb->cr3;
	exit->cpl = vmcb->cpl;
	exit->asid = (u16)vmcb->guest_asid;
	exit->raw_code = (u32)vmcb->exitcode;
	exit->reason = exit_reason(exit->raw_code);
	exit->detail = vmcb->exitinfo1;
	exit->insn_len = 0;

	switch (exit->reason) {
	case EXIT_IO:
		decode_io(vmcb, exit);
		break;
	case EXIT_NPF:
		decode_npf(vmcb, exit);
		break;
	case EXIT_EXCEPTION:
		decode_exception(vmcb, exit);
		break;
	case EXIT_MSR_READ:
		if (vmcb->exitinfo1 & 1)
			exit->reason = EXIT_MSR_WRITE;
		break;
	}
}
