/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one-shot timer in each CPU's local APIC.
 */
#ifndef VMM_CORE_CPU_TIMER_H
#define VMM_CORE_CPU_TIMER_H

#include "vmm-core/cpu/cpu.h"
#include "vmm-core/lib/types.h"

/*
 * When the run's time is up (stop-after=), as a TSC; ~0: never. Every CPU's
 * timer comes by then at the latest; at the first exit from then on the
 * vCPU loop stops its VM with VM_STATE_TIMEOUT.
 */
extern u64 machine_stop_tsc;

/* On the first CPU, once the TSC's frequency is known. */
void timer_calibrate(void);
/* On every CPU, after that. */
void timer_enable(void);
/* Interrupts this CPU at the given TSC or soon after; ~0 for never. */
void cpu_timer_arm(struct cpu *cpu, u64 deadline_tsc);

#endif
