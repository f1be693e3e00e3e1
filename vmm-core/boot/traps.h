/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's own exceptions and interrupts: table, frame and entry.
 */
#ifndef VMM_CORE_BOOT_TRAPS_H
#define VMM_CORE_BOOT_TRAPS_H

/* each of the 256 stubs in trap_entry.S lies on such a boundary */
#define TRAP_STUB_BYTES 16

#ifndef __ASSEMBLY__

#include "vmm-core/lib/types.h"

struct cpu;

/* In the order in which trap_entry.S and the CPU leave them. */
struct trap_frame {
	u64 r15, r14, r13, r12, r11, r10, r9, r8;
	u64 rdi, rsi, rbp, rbx, rdx, rcx, rax;
	u64 vector, error;
	u64 rip, cs, rflags, rsp, ss;
};

/* Gives this CPU its TSS and the interrupt table all CPUs share. */
void traps_init(struct cpu *cpu);
void trap_handle(struct trap_frame *frame);

#endif
#endif
