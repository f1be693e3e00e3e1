/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CR4 as a guest may have it. An emulator takes bits that no CPU has, and
 * would then not enter the guest; a CPU takes features that CPUID hides.
 */
#ifndef VMM_CORE_EXIT_CR4_H
#define VMM_CORE_EXIT_CR4_H

#include "vmm-core/vcpu/vcpu.h"

/* false: #GP, because CPUID does not show the feature of a bit, or the bit
 * may not change now. */
bool cr4_write(struct vcpu *vcpu, u64 value);

#endif
