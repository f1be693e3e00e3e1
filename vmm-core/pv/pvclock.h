/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM's paravirtual clock: two structures in guest memory from which a
 * guest computes the time out of the TSC, without an exit. The TSC is
 * constant and the same on all CPUs, so each is filled once.
 */
#ifndef VMM_CORE_PV_PVCLOCK_H
#define VMM_CORE_PV_PVCLOCK_H

#include "vmm-core/lib/types.h"

struct vcpu;

#define MSR_KVM_WALL_CLOCK_NEW	0x4b564d00
#define MSR_KVM_SYSTEM_TIME_NEW	0x4b564d01

/* ns = (tsc << shift) * multiplier >> 32; a negative shift goes right. */
struct pvclock_scale {
	u32 multiplier;
	signed char shift;
};

struct pvclock_scale pvclock_scale_for(u64 hz);

/* false: #GP, because it is another MSR or not offered to this VM. */
bool pvclock_msr_write(struct vcpu *vcpu, u32 index, u64 value);
/* Fills it anew, for a TSC of the guest that jumped. */
void pvclock_tsc_moved(struct vcpu *vcpu);

#endif
