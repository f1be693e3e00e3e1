/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the core records. Each call commits one record to the ring of the
 * CPU that runs it, and counts it in the vCPU's published counters.
 */
#ifndef VMM_CORE_TRACE_TRACE_H
#define VMM_CORE_TRACE_TRACE_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/vcpu/vcpu.h"

extern struct anchor anchor;

/* Gives every CPU its ring; publishes the anchor as MACHINE_BOOTING. */
int trace_init(u64 ring_bytes);
void trace_ring_init(struct ring *ring, u32 cpu, u64 slots);

void trace_vmexit(struct vcpu *vcpu, const struct exit_info *exit, u64 end_tsc);
void trace_tlb_flush(struct vcpu *vcpu, enum tlb_scope scope,
		     enum tlb_cause cause, u16 asid, u64 address);
void trace_hypercall(struct vcpu *vcpu, const struct exit_info *exit,
		     const u64 args[4], u64 number, u64 result);
void trace_vm_state(struct vcpu *vcpu, enum vm_state state,
		    const struct exit_info *exit);

#endif
