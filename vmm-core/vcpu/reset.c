/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vCPU after INIT: AMD64 Architecture Programmer's Manual, volume 2,
 * "Processor Initialization State".
 */
#include "vmm-core/vcpu/reset.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/context.h"
#include "vmm-core/vcpu/tag.h"
#include "vmm-core/vcpu/vm.h"

#define RESET_SELECTOR	0xf000
#define RESET_BASE	0xffff0000
#define RESET_RIP	0xfff0

/* present, 64 KiB: read/write data, execute/read code */
#define ATTRIBUTES_DATA	0x93
#define ATTRIBUTES_CODE	0x9b

/* All MSRs but EFER stay as they were. */
static void regs_reset(struct vcpu_regs *r)
{
	for (unsigned int i = 0; i < SEGMENTS; i++)
		r->seg[i] = (struct segment_state){
			.limit = 0xffff, .attributes = ATTRIBUTES_DATA };
	r->seg[SEG_CS].selector = RESET_SELECTOR;
	r->seg[SEG_CS].base = RESET_BASE;
	r->seg[SEG_CS].attributes = ATTRIBUTES_CODE;
	r->seg[SEG_LDTR].attributes = SEG_LDT;
	r->seg[SEG_TR].attributes = SEG_TSS;
	r->gdt.base = r->idt.base = 0;
	r->gdt.limit = r->idt.limit = 0xffff;
	r->cr0 = CR0_ET | (r->cr0 & (CR0_CD | CR0_NW));
	r->cr2 = r->cr3 = r->cr4 = r->efer = 0;
	r->dr6 = DR6_RESET;
	r->dr7 = DR7_RESET;
}

static void vcpu_init_state(struct vcpu *vcpu)
{
	struct vcpu_regs regs;

	hv->get_regs(vcpu, &regs);
	regs_reset(&regs);
	hv->set_regs(vcpu, &regs);
	context_reset();
	memset(vcpu->gpr, 0, sizeof(vcpu->gpr));
	vcpu->gpr[RDX] = cpuid(1, 0).eax;
	vcpu->rip = RESET_RIP;
	vcpu->rflags = RFLAGS_ONE;
	vcpu->irq_shadow = false;
	vcpu->events = (struct vcpu_events){ 0 };
	lapic_reset(&vcpu->lapic);
	tag_flush(vcpu, TLB_CAUSE_VCPU_RESET);
}

void vcpu_reset(struct vcpu *vcpu)
{
	if (vcpu->state == VCPU_WAIT_SIPI)
		return;
	if (vcpu->lapic.base & APIC_BASE_BSP) {
		vm_stop(vcpu, VM_STATE_RESET, NULL);
		return;
	}
	vcpu_init_state(vcpu);
	vcpu_set_state(vcpu, VCPU_WAIT_SIPI);
}

void vcpu_startup(struct vcpu *vcpu, u8 vector)
{
	struct vcpu_regs regs;

	if (vcpu->state != VCPU_WAIT_SIPI)
		return;
	hv->get_regs(vcpu, &regs);
	regs.seg[SEG_CS].selector = (u16)(vector << 8);
	regs.seg[SEG_CS].base = (u64)vector << 12;
	hv->set_regs(vcpu, &regs);
	vcpu->rip = 0;
	vcpu_set_state(vcpu, VCPU_RUNNING);
}
