/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SVM backend: AMD's virtualization behind struct hv_ops. The run loop
 * is here, so that an ordinary exit crosses no function pointer.
 */
#include "vmm-core/svm/svm.h"

#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/cpu_faults.h"
#include "vmm-core/exit/exit.h"
#include "vmm-core/exit/insn.h"
#include "vmm-core/svm/event.h"
#include "vmm-core/vcpu/event.h"
#include "vmm-core/vcpu/run.h"

static const char *svm_probe(void)
{
	if (cpuid(0x80000000, 0).eax < 0x8000000a ||
	    !(cpuid(0x80000001, 0).ecx & CPUID81_ECX_SVM))
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
	struct svm_cpu *svm = mm_alloc(sizeof(*svm), PAGE_BYTES);

	if (!save_area || !svm)
		return -ENOMEM;
	cpu->hv = (struct hv_cpu *)svm;
	/* the host's NXE lets nested tables forbid fetches */
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME | EFER_NXE);
	wrmsr(MSR_VM_HSAVE_PA, hpa(save_area));
	tag_pool_init(&svm->asids, features.ebx,
		      features.edx & CPUID_SVM_FLUSH_BY_ASID);
	return 0;
}

static int svm_vm_init(struct vm *vm)
{
	struct svm_vm *svm = mm_alloc(sizeof(*svm), PAGE_BYTES);

	if (!svm)
		return -ENOMEM;
	vm->hv = (struct hv_vm *)svm;
	svm->npt = mm_alloc(PAGE_BYTES, PAGE_BYTES);
	return svm->npt ? 0 : -ENOMEM;
}

static int svm_vcpu_init(struct vcpu *vcpu)
{
	struct svm_vcpu *svm = mm_alloc(sizeof(*svm), PAGE_BYTES);

	if (!svm)
		return -ENOMEM;
	vcpu->hv = (struct hv_vcpu *)svm;
	svm->vmcb = mm_alloc(sizeof(*svm->vmcb), PAGE_BYTES);
	if (!svm->vmcb)
		return -ENOMEM;
	svm_vmcb_init(svm->vmcb, hpa(svm_vm(vcpu->vm)->npt));
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

/* FS, GS, LDTR, TR and the syscall MSRs: VMRUN leaves them alone. */
static void svm_switch_in(struct vcpu *vcpu)
{
	vmload(svm_vcpu(vcpu)->vmcb);
	svm_cpu(vcpu->cpu)->loaded = vcpu;
	record_source_init(&svm_vcpu(vcpu)->record, vcpu->cpu->ring, vcpu->pub,
			   vcpu->vm_index, vcpu->index);
}

static void svm_switch_out(struct vcpu *vcpu)
{
	vmsave(svm_vcpu(vcpu)->vmcb);
	svm_cpu(vcpu->cpu)->loaded = NULL;
}

/* The VMCB, with all of the vCPU's state in it. */
static struct vmcb *svm_vmcb_saved(struct vcpu *vcpu)
{
	struct vmcb *vmcb = svm_vcpu(vcpu)->vmcb;

	if (svm_cpu(vcpu->cpu)->loaded == vcpu)
		vmsave(vmcb);
	return vmcb;
}

static struct vmcb_segment *svm_segment(struct vmcb *vmcb, enum segment s)
{
	struct vmcb_segment *seg[SEGMENTS] = {
		[SEG_ES] = &vmcb->es, [SEG_CS] = &vmcb->cs,
		[SEG_SS] = &vmcb->ss, [SEG_DS] = &vmcb->ds,
		[SEG_FS] = &vmcb->fs, [SEG_GS] = &vmcb->gs,
		[SEG_LDTR] = &vmcb->ldtr, [SEG_TR] = &vmcb->tr,
	};

	return seg[s];
}

static struct segment_state segment_get(struct vmcb *vmcb, enum segment s)
{
	const struct vmcb_segment *from = svm_segment(vmcb, s);

	return (struct segment_state){
		.base = from->base, .limit = from->limit,
		.selector = from->selector, .attributes = from->attributes,
	};
}

static void segment_set(struct vmcb *vmcb, enum segment s,
			const struct segment_state *from)
{
	*svm_segment(vmcb, s) = (struct vmcb_segment){
		.selector = from->selector, .attributes = from->attributes,
		.limit = from->limit, .base = from->base,
	};
}

static void svm_get_segment(struct vcpu *vcpu, enum segment segment,
			    struct segment_state *state)
{
	*state = segment_get(svm_vmcb_saved(vcpu), segment);
}

static void svm_get_regs(struct vcpu *vcpu, struct vcpu_regs *regs)
{
	struct vmcb *vmcb = svm_vmcb_saved(vcpu);

	*regs = (struct vcpu_regs){
		.cr0 = vmcb->cr0, .cr2 = vmcb->cr2, .cr3 = vmcb->cr3,
		.cr4 = vmcb->cr4, .efer = vmcb->efer & ~EFER_SVME,
		.dr6 = vmcb->dr6, .dr7 = vmcb->dr7,
		.gdt = { vmcb->gdtr.base, vmcb->gdtr.limit },
		.idt = { vmcb->idtr.base, vmcb->idtr.limit },
		.star = vmcb->star, .lstar = vmcb->lstar,
		.cstar = vmcb->cstar, .sfmask = vmcb->sfmask,
		.kernel_gs_base = vmcb->kernel_gs_base,
		.sysenter_cs = vmcb->sysenter_cs,
		.sysenter_esp = vmcb->sysenter_esp,
		.sysenter_eip = vmcb->sysenter_eip,
	};
	for (unsigned int s = 0; s < SEGMENTS; s++)
		regs->seg[s] = segment_get(vmcb, s);
}

static void svm_set_system(struct vmcb *vmcb, const struct vcpu_regs *regs)
{
	vmcb->star = regs->star;
	vmcb->lstar = regs->lstar;
	vmcb->cstar = regs->cstar;
	vmcb->sfmask = regs->sfmask;
	vmcb->kernel_gs_base = regs->kernel_gs_base;
	vmcb->sysenter_cs = regs->sysenter_cs;
	vmcb->sysenter_esp = regs->sysenter_esp;
	vmcb->sysenter_eip = regs->sysenter_eip;
}

static void svm_set_regs(struct vcpu *vcpu, const struct vcpu_regs *regs)
{
	struct vmcb *vmcb = svm_vcpu(vcpu)->vmcb;

	vmcb->cr0 = regs->cr0;
	vmcb->cr2 = regs->cr2;
	vmcb->cr3 = regs->cr3;
	vmcb->cr4 = regs->cr4;
	vmcb->efer = regs->efer | EFER_SVME;
	vmcb->dr6 = regs->dr6;
	vmcb->dr7 = regs->dr7;
	vmcb->gdtr.base = regs->gdt.base;
	vmcb->gdtr.limit = regs->gdt.limit;
	vmcb->idtr.base = regs->idt.base;
	vmcb->idtr.limit = regs->idt.limit;
	svm_set_system(vmcb, regs);
	for (unsigned int s = 0; s < SEGMENTS; s++)
		segment_set(vmcb, s, &regs->seg[s]);
	/* DPL of SS is the CPL */
	vmcb->cpl = (regs->seg[SEG_SS].attributes >> 5) & 3;
	svm_publish(vcpu->pub, vmcb);
	if (svm_cpu(vcpu->cpu)->loaded == vcpu)
		vmload(vmcb);
}

static void svm_set_pat(struct vcpu *vcpu, u64 pat)
{
	svm_vcpu(vcpu)->vmcb->g_pat = pat;
}

static void svm_set_efer(struct vcpu *vcpu, u64 efer)
{
	svm_vcpu(vcpu)->vmcb->efer = efer | EFER_SVME;
}

static void svm_set_cr4(struct vcpu *vcpu, u64 cr4)
{
	svm_vcpu(vcpu)->vmcb->cr4 = cr4;
	vcpu->pub->cr4 = cr4;
}

static void svm_set_tsc_offset(struct vcpu *vcpu, u64 offset)
{
	svm_vcpu(vcpu)->vmcb->tsc_offset = offset;
}

/* events.next as EVENTINJ; from now on it is the hardware's. */
static u64 svm_event_take(struct vcpu *vcpu)
{
	const struct guest_event event = vcpu->events.next;

	vcpu->events.next.type = GUEST_EVENT_NONE;
	if (event.type == GUEST_EVENT_EXCEPTION && event.vector == VECTOR_PF)
		svm_vcpu(vcpu)->vmcb->cr2 = event.cr2;
	return svm_event_encode(event);
}

static void __cold svm_broken_off(struct vcpu *vcpu, const struct vmcb *vmcb)
{
	event_broken_off(vcpu, svm_event_decode(vmcb));
}

/* Into the guest, until it comes out for what no fast path completes. */
static void svm_guest(struct vcpu *vcpu, struct exit_info *exit)
{
	struct vmcb *vmcb = svm_vcpu(vcpu)->vmcb;

	exit->tsc = svm_enter(vcpu, hpa(vmcb));
	if (unlikely((u32)vmcb->rflags & RFLAGS_RESERVED))
		svm_flags_repair(vcpu);
	svm_decode(vcpu, exit);
	/* 0 on a CPU that does not save it, and where there is none */
	if (vmcb->nrip && vmcb->nrip - vmcb->rip - 1 < INSN_BYTES_MAX &&
	    exit->reason != EXIT_NPF)
		exit->insn_len = (u8)(vmcb->nrip - vmcb->rip);
	if (unlikely(vmcb->exitintinfo & EVENT_VALID))
		svm_broken_off(vcpu, vmcb);
}

static void __cold svm_asid_renew(struct vcpu *vcpu, struct vmcb *vmcb)
{
	enum tlb_scope scope = tag_renew(vcpu, &svm_cpu(vcpu->cpu)->asids);

	vmcb->tlb_control = scope == TLB_SCOPE_ALL ? TLB_CONTROL_FLUSH_ALL :
						     TLB_CONTROL_FLUSH_GUEST;
	vmcb->guest_asid = vcpu->tag.value;
}

/* Puts into the VMCB what handlers changed and what the entry shall do. */
static void svm_entry_prepare(struct vcpu *vcpu)
{
	struct svm_vcpu *svm = svm_vcpu(vcpu);
	struct vmcb *vmcb = svm->vmcb;
	u32 windows = event_prepare(vcpu);

	if (unlikely(windows != svm->windows))
		svm_windows_set(svm, windows);
	vmcb->eventinj = vcpu->events.next.type ? svm_event_take(vcpu) : 0;
	vmcb->rip = vcpu->rip;
	vmcb->rax = vcpu->gpr[RAX];
	vmcb->rsp = vcpu->gpr[RSP];
	vmcb->rflags = vcpu->rflags;
	vmcb->interrupt_shadow = vcpu->irq_shadow;
	if (likely(tag_holds(&vcpu->tag, &svm_cpu(vcpu->cpu)->asids)))
		vmcb->tlb_control = TLB_CONTROL_NONE;
	else
		svm_asid_renew(vcpu, vmcb);
}

static enum run_end svm_run(struct vcpu *vcpu)
{
	struct exit_info *exit = &vcpu->exit;
	enum run_end end;

	svm_entry_prepare(vcpu);
	if (vcpu->exit_open)
		vcpu_exit_close(vcpu, ISA_SVM);
	for (;;) {
		svm_guest(vcpu, exit);
		exit_handle(vcpu, exit);
		end = vcpu_prepare_entry(vcpu);
		if (unlikely(end != RUN_ENTER))
			break;
		svm_entry_prepare(vcpu);
		trace_vmexit(vcpu_traced(vcpu), ISA_SVM, exit, rdtsc(), 0);
	}
	vcpu->exit_open = true;
	return end;
}

const struct hv_ops svm_ops = {
	.name = "SVM",
	.isa = ISA_SVM,
	.hypercall_opcode = OPCODE_VMMCALL,
	.probe = svm_probe,
	.cpu_enable = svm_cpu_enable,
	.vm_init = svm_vm_init,
	.vcpu_init = svm_vcpu_init,
	.run = svm_run,
	.switch_in = svm_switch_in,
	.switch_out = svm_switch_out,
	.get_regs = svm_get_regs,
	.set_regs = svm_set_regs,
	.get_segment = svm_get_segment,
	.set_pat = svm_set_pat,
	.set_efer = svm_set_efer,
	.set_cr4 = svm_set_cr4,
	.set_tsc_offset = svm_set_tsc_offset,
	.map = svm_npt_map,
	.protect = svm_npt_protect,
};
