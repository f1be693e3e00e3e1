/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared by the assembly of the boot and C: segment selectors, the places
 * where C begins, and the tables that start.S leaves to C.
 */
#ifndef VMM_CORE_BOOT_START_H
#define VMM_CORE_BOOT_START_H

#define SEL_CODE64	0x08
#define SEL_DATA	0x10
#define SEL_CODE32	0x18
/* a TSS descriptor takes two entries; CPU n has the n-th */
#define SEL_TSS		0x20
#define BOOT_CPUS_MAX	64	/* ANCHOR_CPUS_MAX */

/* Where the other CPUs begin, in real mode: below 1 MiB, on a page. */
#define TRAMPOLINE_HPA	0x8000

#ifndef __ASSEMBLY__

#include "vmm-core/lib/types.h"

struct cpu;

/* The first CPU and all others come from assembly to here. */
void core_main(u32 magic, u32 info_hpa) __noreturn;
void cpu_main(struct cpu *cpu) __noreturn;

extern u8 boot_stack[];
extern u64 boot_gdt[];
/* what the next CPU to start shall run on */
extern u64 boot_ap_stack;
extern struct cpu *boot_ap_cpu;

extern const u8 trampoline_start[], trampoline_end[];

#endif
#endif
