/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * INIT and SIPI, as they arrive at a vCPU.
 */
#ifndef VMM_CORE_VCPU_RESET_H
#define VMM_CORE_VCPU_RESET_H

#include "vmm-core/lib/types.h"

struct vcpu;

/* INIT: the first vCPU would go to firmware, which there is none of, so its
 * VM is reset, which ends it; others wait for SIPI. */
void vcpu_reset(struct vcpu *vcpu);
/* SIPI: starts a vCPU that waits for it, in real mode at vector * 4096. */
void vcpu_startup(struct vcpu *vcpu, u8 vector);

#endif
