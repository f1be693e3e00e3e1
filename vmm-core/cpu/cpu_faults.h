/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults of the CPU that guests must be kept from, found by trying: what a
 * CPU calls itself does not say which emulator it is.
 */
#ifndef VMM_CORE_CPU_CPU_FAULTS_H
#define VMM_CORE_CPU_CPU_FAULTS_H

#include "vmm-core/lib/types.h"

struct cpu_faults {
	/* CMPXCHG16B leaves an operand of an older instruction as RFLAGS */
	bool cmpxchg16b_flags;
};

/* set once at boot */
extern struct cpu_faults cpu_faults;

/* Tries, and says what it finds. Call with IF=0. */
void cpu_faults_find(void);

#endif
