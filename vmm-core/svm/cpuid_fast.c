/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUID, the exit that cannot be switched off, by the short way: it changes
 * four registers and nothing else. So no timer, interrupt or flush can have
 * become due by it, and none is looked for; what comes from outside is a
 * physical interrupt and exits by itself.
 */
#include "vmm-core/svm/svm.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/exit/handlers.h"

#define CPUID_BYTES 2

bool svm_cpuid_fast(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc)
{
	u64 rip = vmcb->rip, cr3 = vmcb->cr3;
	struct exit_info exit;
	const u8 *code;

	code = fetch_find(vcpu->fetch, rip, cr3, vmcb->cr4);
	if (unlikely(!code || !svm_is_64bit(vmcb) ||
		     !fetch_is(code, rip, OPCODE_CPUID, CPUID_BYTES)))
		return false;
	/* first of all: the answer depends on CR4 */
	svm_publish(vcpu->pub, vmcb);
	exit = (struct exit_info){
		.tsc = tsc,
		.rip = rip,
		.cr3 = cr3,
		.detail = cpuid_answer(vcpu, (u32)vmcb->rax),
		.raw_code = SVM_EXIT_CPUID,
		.reason = EXIT_CPUID,
		.asid = (u16)vmcb->guest_asid,
		.cpl = vmcb->cpl,
		.insn_len = CPUID_BYTES,
	};
	vmcb->rax = vcpu->gpr[RAX];
	vmcb->rip = rip + CPUID_BYTES;
	vmcb->interrupt_shadow = 0;
	vmcb->eventinj = 0;
	vmcb->tlb_control = TLB_CONTROL_NONE;
	trace_vmexit(vcpu_traced(vcpu), ISA_SVM, &exit, rdtsc(), 0);
	return true;
}
