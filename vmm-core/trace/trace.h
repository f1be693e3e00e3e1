/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the core records. Each trace_ call below commits one record to the
 * ring of the CPU that runs it, and counts it in the vCPU's published
 * counters.
 */
#ifndef VMM_CORE_TRACE_TRACE_H
#define VMM_CORE_TRACE_TRACE_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/trace/record.h"
#include "vmm-core/vcpu/vcpu.h"

extern struct anchor anchor;

/* A ring for a CPU, entered in the anchor. ring_bytes is a power of two, at
 * least RING_SLOTS_MIN slots. NULL: no memory. Before the anchor is
 * published. */
struct ring *trace_ring_new(u32 cpu, u64 ring_bytes);
/* The published state of vCPU index; NULL: the table is full. */
struct anchor_vcpu *trace_vcpu_slot(u16 index);
/* Makes the anchor visible: magic last. Fields still missing stay zero. */
void trace_anchor_publish(void);
void trace_state_publish(enum machine_state state);

/* exit is the one that ends now; blocked_cycles are part of its time. */
static inline void trace_vmexit(struct vcpu *vcpu, enum event_isa isa,
				const struct exit_info *exit, u64 end_tsc,
				u64 blocked_cycles)
{
	struct anchor_vcpu *pub = vcpu->pub;

	pub->exits++;
	pub->by_reason[exit->reason]++;
	pub->last_reason = exit->reason;
	record_vmexit(vcpu->cpu->ring, vcpu->vm_index, vcpu->index, exit, isa,
		      end_tsc, blocked_cycles);
}

void trace_tlb_flush(struct vcpu *vcpu, enum tlb_scope scope,
		     enum tlb_cause cause, u16 asid, u64 address);
/* The arguments are still in the registers. */
void trace_hypercall(struct vcpu *vcpu, const struct exit_info *exit,
		     u64 number, u64 result);
/* exit may be NULL. */
void trace_vm_state(struct vcpu *vcpu, enum vm_state state,
		    const struct exit_info *exit);

#endif
