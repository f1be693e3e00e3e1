/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recording: every exit, flush and hypercall into the ring of the CPU that
 * runs this, and into the vCPU's counters, which know nothing of rings.
 */
#include "vmm-core/trace/trace.h"

#include "vmm-core/lib/x86.h"

void trace_tlb_flush(struct trace_vcpu of, const struct trace_flush *flush)
{
	struct event_tlb_flush *ev = ring_slot(of.ring);

	*ev = (struct event_tlb_flush){
		.h = trace_header(of, rdtsc(), EVENT_TLB_FLUSH, 1),
		.vcpu = of.vcpu,
		.asid = flush->asid,
		.scope = (u8)flush->scope,
		.cause = (u8)flush->cause,
		.isa = (u8)anchor.isa,
		.guest = flush->cause >= TLB_CAUSE_GUEST_CR3 ||
			 flush->cause == TLB_CAUSE_PV_REQUEST,
		.address = flush->address,
		.rip = flush->rip,
		.cr3 = of.pub->cr3,
		.known = EVENT_KNOWN_ALL,
	};
	ring_commit(of.ring, 1);
	of.pub->tlb_flushes++;
}

void trace_vm_state(struct trace_vcpu of, enum vm_state state, u32 raw_code,
		    u64 rip)
{
	struct event_vm_state *ev = ring_slot(of.ring);

	*ev = (struct event_vm_state){
		.h = trace_header(of, rdtsc(), EVENT_VM_STATE, 1),
		.vcpu = of.vcpu,
		.state = (u16)state,
		.raw_code = raw_code,
		.rip = rip,
		.known = EVENT_KNOWN_ALL,
	};
	ring_commit(of.ring, 1);
}
