/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a vCPU outside the guest: timers, requests, waiting.
 */
#ifndef VMM_CORE_VCPU_RUN_H
#define VMM_CORE_VCPU_RUN_H

#include "vmm-core/lib/x86.h"
#include "vmm-core/vcpu/backend.h"

/* From the first entry until the vCPU has stopped; its CPU calls it. */
void vcpu_run(struct vcpu *vcpu);

/*
 * Fires timers that are due and acts upon requests. Backends call it after
 * every exit, and enter the guest at RUN_ENTER only.
 */
enum run_end vcpu_prepare_entry(struct vcpu *vcpu);

/* The exit that is open ends now: its record is committed. */
static inline void vcpu_exit_close(struct vcpu *vcpu, enum event_isa isa)
{
	trace_vmexit(vcpu_traced(vcpu), isa, &vcpu->exit, rdtsc(),
		     vcpu->blocked_tsc);
	vcpu->blocked_tsc = 0;
	vcpu->exit_open = false;
}

#endif
