/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one-shot timer in each CPU's local APIC (cpu_timer_arm() in cpu.h).
 */
#ifndef VMM_CORE_CPU_TIMER_H
#define VMM_CORE_CPU_TIMER_H

/* On the first CPU, once the TSC's frequency is known. */
void timer_calibrate(void);
/* On every CPU, after that. */
void timer_enable(void);

#endif
