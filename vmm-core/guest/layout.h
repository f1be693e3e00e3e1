/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The layout of a guest's first megabyte, and the memory map that the guest
 * is told of. Both loaders and the ACPI tables agree on this.
 *
 *	0x00500	GDT of the first instructions
 *	0x07000	boot_params (Linux) or multiboot information
 *	0x20000	command line
 *	0x9fc00	end of low RAM
 *	0xe0000	RSDP, then the other ACPI tables
 *	0xffff0	the reset vector
 *	0x100000 RAM again, kernels
 */
#ifndef VMM_CORE_GUEST_LAYOUT_H
#define VMM_CORE_GUEST_LAYOUT_H

#include "vmm-core/lib/types.h"

struct vm;

#define GUEST_GDT_GPA		0x500
#define GUEST_INFO_GPA		0x7000
#define GUEST_INFO_BYTES	0x1000
#define GUEST_CMDLINE_GPA	0x20000
#define GUEST_CMDLINE_BYTES	0x10000
#define GUEST_LOW_END		0x9fc00
#define GUEST_FIRMWARE_GPA	0xe0000
#define GUEST_FIRMWARE_BYTES	0x20000
#define GUEST_RESET_GPA		0xffff0	/* F000:FFF0 */
#define GUEST_HIGH_GPA		0x100000

enum { MEMORY_RAM = 1, MEMORY_RESERVED = 2 };

struct memory_range {
	u64 gpa, bytes;
	u32 type;		/* as in E820 */
};

#define MEMORY_RANGES_MAX	8

/* Ascending; returns how many of MEMORY_RANGES_MAX there are. */
unsigned int guest_memory_map(struct vm *vm, struct memory_range *ranges);
/* Where the RAM ends that begins at 0: below 4 GiB. */
u64 guest_low_ram_end(struct vm *vm);

/*
 * vCPU 0 starts in 32-bit protected mode, paging and interrupts off, flat
 * segments: what the boot protocols of Linux and of multiboot have in common.
 */
void guest_start_flat(struct vm *vm, u32 entry);

#endif
