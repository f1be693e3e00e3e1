/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ASIDs and TLB flushes. A vCPU keeps its ASID until the CPU runs out of
 * them or the vCPU moves. Flushes happen on VMRUN by TLB_CONTROL; each is
 * recorded with its cause where it takes effect. APM volume 2, "TLB
 * Control" and "Address Space Identifiers".
 */
#include "vmm-core/svm/svm.h"

static enum tlb_cause asid_assign(struct vcpu *vcpu, struct hv_cpu *cpu)
{
	struct hv_vcpu *svm = vcpu->hv;
	enum tlb_cause cause = svm->asid_cpu ? TLB_CAUSE_VCPU_MOVED :
					       TLB_CAUSE_ASID_NEW;

	if (svm->asid_cpu == vcpu->cpu || cpu->next_asid == cpu->asids)
		cause = TLB_CAUSE_ASID_ROLLOVER;
	if (cpu->next_asid == cpu->asids) {
		cpu->generation++;
		cpu->next_asid = 1;
	}
	svm->generation = cpu->generation;
	svm->asid_cpu = vcpu->cpu;
	svm->vmcb->guest_asid = cpu->next_asid++;
	return cause;
}

/* Without flush-by-ASID the only flush there is takes everything. */
static void asid_flush(struct vcpu *vcpu, const struct hv_cpu *cpu,
		       enum tlb_cause cause)
{
	struct vmcb *vmcb = vcpu->hv->vmcb;
	bool all = !cpu->flush_by_asid || cause == TLB_CAUSE_ASID_ROLLOVER;

	vmcb->tlb_control = all ? TLB_CONTROL_FLUSH_ALL :
				  TLB_CONTROL_FLUSH_GUEST;
	trace_tlb_flush(vcpu_traced(vcpu), &(struct trace_flush){
		.scope = all ? TLB_SCOPE_ALL : TLB_SCOPE_CONTEXT,
		.cause = cause, .asid = (u16)vmcb->guest_asid,
		.rip = vcpu->rip });
}

void svm_asid_renew(struct vcpu *vcpu)
{
	struct hv_vcpu *svm = vcpu->hv;
	struct hv_cpu *cpu = vcpu->cpu->hv;

	if (svm->asid_cpu != vcpu->cpu || svm->generation != cpu->generation)
		asid_flush(vcpu, cpu, asid_assign(vcpu, cpu));
	else
		asid_flush(vcpu, cpu, svm->flush_cause);
	svm->flush = false;
}
