/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's memory map and its first register state.
 */
#include "vmm-core/guest/layout.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"

/* Linux calls them __BOOT_CS and __BOOT_DS. */
#define SELECTOR_CODE	0x10
#define SELECTOR_DATA	0x18

#define ATTRIBUTES_CODE	0xc9b		/* 4 KiB units, 32 bits, execute/read */
#define ATTRIBUTES_DATA	0xc93		/* 4 KiB units, 32 bits, read/write */
#define TSS_LIMIT	0x67

static const u64 flat_gdt[] = {
	[0]			= 0,
	[SELECTOR_CODE / 8]	= 0x00cf9b000000ffff,
	[SELECTOR_DATA / 8]	= 0x00cf93000000ffff,
};

static void range_add(struct memory_range *ranges, unsigned int *count,
		      u64 start, u64 end, u32 type)
{
	if (start >= end)
		return;
	ranges[(*count)++] = (struct memory_range){
		.gpa = start, .bytes = end - start, .type = type,
	};
}

unsigned int guest_memory_map(struct vm *vm, struct memory_range *ranges)
{
	unsigned int count = 0, i;

	range_add(ranges, &count, 0, GUEST_LOW_END, MEMORY_RAM);
	range_add(ranges, &count, GUEST_LOW_END, 0xa0000, MEMORY_RESERVED);
	range_add(ranges, &count, GUEST_FIRMWARE_GPA, GUEST_HIGH_GPA,
		  MEMORY_RESERVED);
	for (i = 0; i < vm->pub->extents; i++) {
		const struct anchor_extent *e = &vm->pub->extent[i];
		u64 start = e->gpa ? e->gpa : GUEST_HIGH_GPA;

		range_add(ranges, &count, start, e->gpa + e->bytes, MEMORY_RAM);
	}
	return count;
}

u64 guest_low_ram_end(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->pub->extents; i++)
		if (vm->pub->extent[i].gpa == 0)
			return vm->pub->extent[i].bytes;
	return 0;
}

void guest_start_flat(struct vm *vm, u32 entry)
{
	const struct segment_state data = {
		.limit = ~0u, .selector = SELECTOR_DATA,
		.attributes = ATTRIBUTES_DATA,
	};
	struct vcpu *vcpu = vm->vcpu[0];
	struct vcpu_regs regs = {
		.cr0 = CR0_PE | CR0_ET,
		.dr6 = DR6_RESET,
		.dr7 = DR7_RESET,
		.gdt = { GUEST_GDT_GPA, sizeof(flat_gdt) - 1 },
	};
	unsigned int i;

	memcpy(vm_memory(vm, GUEST_GDT_GPA, sizeof(flat_gdt)), flat_gdt,
	       sizeof(flat_gdt));
	for (i = 0; i < SEGMENTS; i++)
		regs.seg[i] = data;
	regs.seg[SEG_CS].selector = SELECTOR_CODE;
	regs.seg[SEG_CS].attributes = ATTRIBUTES_CODE;
	regs.seg[SEG_LDTR] = (struct segment_state){
		.attributes = SEG_LDT };
	regs.seg[SEG_TR] = (struct segment_state){
		.limit = TSS_LIMIT, .attributes = SEG_TSS };
	hv->set_regs(vcpu, &regs);
	memset(vcpu->gpr, 0, sizeof(vcpu->gpr));
	vcpu->rip = entry;
	vcpu->rflags = RFLAGS_ONE;
}
