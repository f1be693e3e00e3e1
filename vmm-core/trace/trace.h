/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recorder: rings, the anchor, and the records that go into them.
 *
 * Each trace_ call below commits one record to a ring and counts it in the
 * vCPU's published counters. It runs on the CPU that owns the ring.
 */
#ifndef VMM_CORE_TRACE_TRACE_H
#define VMM_CORE_TRACE_TRACE_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/trace/record.h"

extern struct anchor anchor;

/* A ring for a CPU, entered in the anchor. ring_bytes is a power of two, at
 * least RING_SLOTS_MIN slots. NULL: no memory. Before the anchor is
 * published. */
struct ring *trace_ring_new(u32 cpu, u64 ring_bytes);
/* The published state of vCPU index; NULL: the table is full. */
struct anchor_vcpu *trace_vcpu_slot(u16 index);
/* The published list of ANCHOR_RANGES_MAX ranges of a VM's devices. */
struct anchor_range *trace_ranges(u16 vm);
/* Says which build of the core this is: a SHA-1, cut off if it is longer. */
void trace_build_id(const u8 *id, size_t bytes);
/* Makes the anchor visible: magic last. Fields still missing stay zero. */
void trace_anchor_publish(void);
void trace_state_publish(enum machine_state state);

/* The vCPU that a record is about, and the ring that takes it. */
struct trace_vcpu {
	struct ring *ring;
	struct anchor_vcpu *pub;
	u16 vm;			/* index in the anchor's table */
	u16 vcpu;		/* index in its VM */
};

static inline struct event_header trace_header(struct trace_vcpu of, u64 tsc,
					       enum event_id id, u8 slots)
{
	return (struct event_header){
		.tsc = tsc,
		.seq = ring_seq(of.ring),
		.id = (u8)id,
		.slots = slots,
		.vm = of.vm,
	};
}

/* exit is the one that ends now; blocked_cycles are part of its time. */
static inline void trace_vmexit(struct trace_vcpu of, enum event_isa isa,
				const struct exit_info *exit, u64 end_tsc,
				u64 blocked_cycles)
{
	of.pub->exits++;
	of.pub->by_reason[exit->reason]++;
	of.pub->last_reason = exit->reason;
	record_vmexit(of.ring, of.vm, of.vcpu, exit, isa, end_tsc,
		      blocked_cycles);
}

/* A flush as it is decided: the guest is at rip. */
struct trace_flush {
	enum tlb_scope scope;
	enum tlb_cause cause;
	u16 asid;
	u64 address;		/* with TLB_SCOPE_ADDRESS */
	u64 rip;
};

void trace_tlb_flush(struct trace_vcpu of, const struct trace_flush *flush);

/* A hypercall as the guest made it, and what it is told. */
struct trace_hypercall {
	u64 number;
	u64 args[4];
	u64 result;
};

static inline void trace_hypercall(struct trace_vcpu of,
				   const struct exit_info *exit,
				   struct trace_hypercall call)
{
	enum { SLOTS = sizeof(struct event_hypercall) / EVENT_SLOT_BYTES };
	struct event_hypercall *ev = ring_reserve(of.ring, SLOTS);

	*ev = (struct event_hypercall){
		.h = trace_header(of, exit->tsc, EVENT_HYPERCALL, SLOTS),
		.vcpu = of.vcpu,
		.cpl_known = exit->cpl | EVENT_KNOWN_ALL,
		.isa = (u8)anchor.isa,
		.cycles = record_cycles(rdtsc() - exit->tsc),
		.number = call.number,
		.args = { call.args[0], call.args[1], call.args[2],
			  call.args[3] },
		.result = call.result,
		.rip = exit->rip,
		.cr3 = exit->cr3,
	};
	ring_commit(of.ring, SLOTS);
	of.pub->hypercalls++;
}

/* The VM of the vCPU has got into this state. raw_code: of the exit that is
 * to blame, else 0. */
void trace_vm_state(struct trace_vcpu of, enum vm_state state, u32 raw_code,
		    u64 rip);

#endif
