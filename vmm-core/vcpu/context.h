/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers that no exit saves, because the core does not use them: FPU
 * and vector registers, XCR0, breakpoint addresses, TSC_AUX. They stay in the
 * CPU while the vCPU is on it, and move only when another vCPU takes over.
 * The backend's switch_in and switch_out move what is the backend's.
 */
#ifndef VMM_CORE_VCPU_CONTEXT_H
#define VMM_CORE_VCPU_CONTEXT_H

#include "vmm-core/lib/types.h"

struct vcpu;

/* Once on every CPU: its control registers, so that the rest works. */
void context_cpu_enable(void);
/* As after power-on. -ENOMEM. */
int context_init(struct vcpu *vcpu);
/* Into the CPU and out of it; what the CPU held before is lost. */
void context_load(struct vcpu *vcpu);
void context_save(struct vcpu *vcpu);
/* Resets in the CPU what INIT does: the breakpoints. */
void context_reset(void);

/* The features that guests may have in XCR0; 0: the CPU has no XSAVE. */
u64 xcr0_features(void);
/* Whether a guest may load this into XCR0; else #GP. */
bool xcr0_valid(u64 value);
/* The hardware would take more than that: XSETBV has to exit. */
bool xcr0_needs_check(void);
/* How long an XSAVE area with all of these features is. */
u32 xcr0_area_bytes(u64 features);

#endif
