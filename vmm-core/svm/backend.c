/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SVM backend: AMD's virtualization behind struct hv_ops. The run loop
 * is here, so that an ordinary exit crosses no function pointer.
 */
#include "vmm-core/svm/svm.h"

#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/cpu_faults.h"
#include "vmm-core/exit/exit.h"
#include "vmm-core/vcpu/vm.h"

#define RFLAGS_IF	BIT(9)

static const char *svm_probe(void)
{
	if (cpuid(0x80000000, 0).eax < 0x8000000a ||
	    !(cpuid(0x80000001, 0).ecx & CPUID_SVM))
		return "this CPU has no SVM";
	if (rdmsr(MSR_VM_CR) & VM_CR_SVMDIS)
		return "SVM is switched off in the firmware's setup";
	if (!(cpuid(0x8000000a, 0).edx & CPUID_SVM_NP))
		return "this CPU's SVM has no nested paging";
	return NULL;
}

static int svm_cpu_enable(struct cpu *cpu)
{
	struct cpuid features = cpuid(0x8000000a, 0);
	void *save_area = mm_alloc(PAGE_BYTES, PAGE_BYTES);

	cpu->hv = mm_alloc(sizeof(*cpu->hv), PAGE_BYTES);
	if (!save_area || !cpu->hv)
		return -ENOMEM;
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME);
	wrmsr(MSR_VM_HSAVE_PA, hpa(save_area));
	*cpu->hv = (struct hv_cpu){
		.generation = 1,
		.next_asid = 1,
		.asids = features.ebx,
		.flush_by_asid = features.edx & CPUID_SVM_FLUSH_BY_ASID,
		.nrips = features.edx & CPUID_SVM_NRIPS,
	};
	return 0;
}

static int svm_vm_init(struct vm *vm)
{
	vm->hv = mm_alloc(sizeof(*vm->hv), PAGE_BYTES);
	return vm->hv ? svm_npt_build(vm) : -ENOMEM;
}

static int svm_vcpu_init(struct vcpu *vcpu)
{
	struct hv_vcpu *svm = mm_alloc(sizeof(*svm), PAGE_BYTES);

	vcpu->hv = svm;
	if (!svm)
		return -ENOMEM;
	svm->vmcb = mm_alloc(sizeof(*svm->vmcb), PAGE_BYTES);
	if (!svm->vmcb)
		return -ENOMEM;
	svm_vmcb_init(svm->vmcb, vcpu->vm->hv->n_cr3);
	return 0;
}

static void vmload(const struct vmcb *vmcb)
{
	asm volatile("vmload %%rax" : : "a"(hpa(vmcb)) : "memory");
}

static void vmsave(struct vmcb *vmcb)
{
	asm volatile("vmsave %%rax" : : "a"(hpa(vmcb)) : "memory");
}

/* FS, GS, LDTR, TR and the syscall MSRs into the VMCB, wherever they are. */
static void svm_state_save(struct vcpu *vcpu)
{
	struct hv_cpu *cpu = vcpu->cpu->hv;

	if (cpu->loaded == vcpu)
		vmsave(vcpu->hv->vmcb);
}

static void svm_state_load(struct vcpu *vcpu)
{
	struct hv_cpu *cpu = vcpu->cpu->hv;

	if (likely(cpu->loaded == vcpu))
		return;
	if (cpu->loaded)
		vmsave(cpu->loaded->hv->vmcb);
	vmload(vcpu->hv->vmcb);
	cpu->loaded = vcpu;
}

static struct vmcb_segment *svm_segment(struct vmcb *vmcb, enum segment s)
{
	struct vmcb_segment *seg[SEGMENTS] = {
		[SEG_ES] = &vmcb->es, [SEG_CS] = &vmcb->cs,
		[SEG_SS] = &vmcb->ss, [SEG_DS] = &vmcb->ds,
		[SEG_FS] = &vmcb->fs, [SEG_GS] = &vmcb->gs,
	};

	return seg[s];
}

static void svm_get_state(struct vcpu *vcpu, struct vcpu_state *state)
{
	struct vmcb *vmcb = vcpu->hv->vmcb;

	svm_state_save(vcpu);
	*state = (struct vcpu_state){
		.cr0 = vmcb->cr0, .cr2 = vmcb->cr2, .cr3 = vmcb->cr3,
		.cr4 = vmcb->cr4, .efer = vmcb->efer & ~EFER_SVME,
		.dr6 = vmcb->dr6, .dr7 = vmcb->dr7,
		.gdt = { vmcb->gdtr.base, vmcb->gdtr.limit },
		.idt = { vmcb->idtr.base, vmcb->idtr.limit },
	};
	for (unsigned int s = 0; s < SEGMENTS; s++) {
		const struct vmcb_segment *from = svm_segment(vmcb, s);

		state->seg[s] = (struct segment_state){
			.base = from->base, .limit = from->limit,
			.selector = from->selector,
			.attributes = from->attributes,
		};
	}
}

static void svm_set_state(struct vcpu *vcpu, const struct vcpu_state *state)
{
	struct vmcb *vmcb = vcpu->hv->vmcb;

	svm_state_save(vcpu);
	vmcb->cr0 = state->cr0;
	vmcb->cr2 = state->cr2;
	vmcb->cr3 = state->cr3;
	vmcb->cr4 = state->cr4;
	vmcb->efer = state->efer | EFER_SVME;
	vmcb->dr6 = state->dr6;
	vmcb->dr7 = state->dr7;
	vmcb->gdtr.base = state->gdt.base;
	vmcb->gdtr.limit = state->gdt.limit;
	vmcb->idtr.base = state->idt.base;
	vmcb->idtr.limit = state->idt.limit;
	for (unsigned int s = 0; s < SEGMENTS; s++) {
		const struct segment_state *from = &state->seg[s];

		*svm_segment(vmcb, s) = (struct vmcb_segment){
			.selector = from->selector,
			.attributes = from->attributes,
			.limit = from->limit, .base = from->base,
		};
	}
	/* DPL of SS is the CPL */
	vmcb->cpl = (state->seg[SEG_SS].attributes >> 5) & 3;
	if (vcpu->cpu->hv->loaded == vcpu)
		vmload(vmcb);
}

static void svm_set_pat(struct vcpu *vcpu, u64 pat)
{
	vcpu->hv->vmcb->g_pat = pat;
}

static void svm_set_efer(struct vcpu *vcpu, u64 efer)
{
	vcpu->hv->vmcb->efer = efer | EFER_SVME;
}

/*
 * What an exit broke off goes first: it is injected again, and the
 * instruction that asks for another event runs and exits once more after it.
 */
static void svm_inject(struct vcpu *vcpu, struct injection what)
{
	struct hv_vcpu *svm = vcpu->hv;

	if (svm->eventinj & EVENT_VALID)
		return;
	svm->eventinj = EVENT_VALID | what.vector |
			(what.exception ? EVENT_TYPE_EXCEPTION :
					  EVENT_TYPE_INTR);
	if (what.has_error)
		svm->eventinj |= EVENT_ERROR_VALID | (u64)what.error << 32;
	if (what.exception && what.vector == VECTOR_PF)
		svm->vmcb->cr2 = what.cr2;
}

static void svm_flush_tlb(struct vcpu *vcpu, enum tlb_cause cause)
{
	vcpu->hv->flush = true;
	vcpu->hv->flush_cause = cause;
}

/* A virtual interrupt that nobody takes: VINTR exits when one could be. */
static void svm_window_request(struct vmcb *vmcb)
{
	vmcb->virtual_interrupt |= V_IRQ | V_INTR_PRIO_HIGHEST | V_IGN_TPR;
	vmcb->intercept3 |= INTERCEPT_VINTR;
}

static void svm_window_close(struct vmcb *vmcb)
{
	vmcb->virtual_interrupt = V_INTR_MASKING;
	vmcb->intercept3 &= (u32)~INTERCEPT_VINTR;
}

/* Injects what is due, or asks to be told when that is possible. */
static void svm_events_prepare(struct vcpu *vcpu)
{
	struct hv_vcpu *svm = vcpu->hv;
	struct vmcb *vmcb = svm->vmcb;
	int vector = vcpu_irq_pending(vcpu);

	if (vector >= 0) {
		if (!(svm->eventinj & EVENT_VALID) &&
		    (vcpu->rflags & RFLAGS_IF) && !vmcb->interrupt_shadow) {
			vector = vcpu_irq_accept(vcpu, vector);
			svm_inject(vcpu, (struct injection){
						 .vector = (u8)vector });
		} else {
			svm_window_request(vmcb);
		}
	}
	vmcb->eventinj = svm->eventinj;
	svm->eventinj = 0;
}

/* Delivery that an exit broke off. INTn runs again: RIP is still on it. */
static void svm_events_save(struct hv_vcpu *svm)
{
	u64 broken = svm->vmcb->exitintinfo;

	if (unlikely(broken & EVENT_VALID) &&
	    (broken & EVENT_TYPE) != EVENT_TYPE_SOFT_INTR)
		svm->eventinj = broken;
}

/* Into the guest, until it comes out for more than a fast CPUID. */
static void svm_run(struct vcpu *vcpu, struct exit_info *exit)
{
	struct vmcb *vmcb = vcpu->hv->vmcb;

	do {
		exit->tsc = svm_enter(vcpu, hpa(vmcb));
		if (unlikely((u32)vmcb->rflags & RFLAGS_RESERVED))
			svm_flags_repair(vcpu);
	} while (vmcb->exitcode == SVM_EXIT_CPUID &&
		 likely(svm_cpuid_fast(vcpu, vmcb, exit->tsc)));

	svm_decode(vcpu, exit);
	if (vcpu->cpu->hv->nrips && vmcb->nrip > vmcb->rip &&
	    vmcb->nrip - vmcb->rip <= 15 && exit->reason != EXIT_NPF)
		exit->insn_len = (u8)(vmcb->nrip - vmcb->rip);
	svm_events_save(vcpu->hv);
	if (exit->reason == EXIT_INTR_WINDOW)
		svm_window_close(vmcb);
}

/* What handlers changed, into the VMCB. */
static void svm_state_store(struct vcpu *vcpu)
{
	struct vmcb *vmcb = vcpu->hv->vmcb;

	/* the shadow of STI or MOV SS ends with the instruction */
	if (vcpu->rip != vmcb->rip)
		vmcb->interrupt_shadow = 0;
	vmcb->rip = vcpu->rip;
	vmcb->rax = vcpu->gpr[RAX];
	vmcb->rsp = vcpu->gpr[RSP];
	vmcb->rflags = vcpu->rflags;
}

static void svm_entry_prepare(struct vcpu *vcpu)
{
	svm_state_store(vcpu);
	svm_events_prepare(vcpu);
	svm_asid_prepare(vcpu);
}

static void svm_vcpu_loop(struct vcpu *vcpu)
{
	struct exit_info exit;
	bool go_on = vcpu_prepare_entry(vcpu);

	svm_state_load(vcpu);
	if (go_on)
		svm_entry_prepare(vcpu);
	while (go_on) {
		svm_run(vcpu, &exit);
		exit_handle(vcpu, &exit);
		go_on = vcpu_prepare_entry(vcpu);
		if (likely(go_on))
			svm_entry_prepare(vcpu);
		trace_vmexit(vcpu_traced(vcpu), ISA_SVM, &exit, rdtsc(),
			     vcpu->blocked_tsc);
		vcpu->blocked_tsc = 0;
	}
}

const struct hv_ops svm_ops = {
	.name = "SVM",
	.isa = ISA_SVM,
	.probe = svm_probe,
	.cpu_enable = svm_cpu_enable,
	.vm_init = svm_vm_init,
	.vcpu_init = svm_vcpu_init,
	.vcpu_loop = svm_vcpu_loop,
	.get_state = svm_get_state,
	.set_state = svm_set_state,
	.set_pat = svm_set_pat,
	.set_efer = svm_set_efer,
	.inject = svm_inject,
	.flush_tlb = svm_flush_tlb,
};
