/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core whose guests can take a page away from themselves, and have their
 * vCPU taken off its CPU.
 */
#include "tests/plant/vcpu_ops.h"

#include "vmm-core/exit/handlers.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/context.h"

#define MSR_TSC_AUX	0xc0000103

void __real_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit);
void __wrap_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit);
void __real_handle_npf(struct vcpu *vcpu, struct exit_info *exit);
void __wrap_handle_npf(struct vcpu *vcpu, struct exit_info *exit);

/* All that context.c and the backend say they keep. */
static void registers_spoil(void)
{
	static const u32 msrs[] = {
		0x174, 0x175, 0x176, 0xc0000081, 0xc0000082, 0xc0000083,
		0xc0000084, 0xc0000100, 0xc0000101, 0xc0000102, MSR_TSC_AUX,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(msrs); i++)
		wrmsr(msrs[i], 0x5a5a);
	write_xcr0(7);
	asm volatile("fninit; fld1; fld1\n\t"
		     "vpcmpeqd %xmm0, %xmm0, %xmm0\n\t"
		     "vinsertf128 $1, %xmm0, %ymm0, %ymm0\n\t"
		     "vmovaps %ymm0, %ymm7; vmovaps %ymm0, %ymm15");
	asm volatile("mov %0, %%dr0; mov %0, %%dr1; mov %0, %%dr2; mov %0, %%dr3"
		     : : "r"(0x5a5aull));
	write_xcr0(1);
}

static void vcpu_moves(struct vcpu *vcpu)
{
	context_save(vcpu);
	registers_spoil();
	context_load(vcpu);
}

void __wrap_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit)
{
	u64 number = vcpu->gpr[RAX];
	u64 page = ALIGN_DOWN(vcpu->gpr[RBX], PAGE_BYTES);

	__real_handle_hypercall(vcpu, exit);
	if (number == HC_PLANT_UNMAP)
		vm_protect(vcpu->vm, page, PAGE_BYTES, 0);
	else if (number == HC_PLANT_READ_ONLY)
		vm_protect(vcpu->vm, page, PAGE_BYTES, MAP_READ | MAP_FETCH);
	else if (number == HC_PLANT_SWITCH)
		vcpu_moves(vcpu);
}

void __wrap_handle_npf(struct vcpu *vcpu, struct exit_info *exit)
{
	u64 page = ALIGN_DOWN(exit->npf.gpa, PAGE_BYTES);

	if (vm_memory(vcpu->vm, page, PAGE_BYTES))
		vm_protect(vcpu->vm, page, PAGE_BYTES, MAP_ALL);
	else
		__real_handle_npf(vcpu, exit);
}
