/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recording: every exit, flush and hypercall into the ring of the CPU that
 * runs this, and into the vCPU's counters, which know nothing of rings.
 */
#include "vmm-core/trace/trace.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/vcpu/vm.h"

static struct event_header trace_header(const struct vcpu *vcpu,
					const struct ring *ring, u64 tsc,
					enum event_id id, u8 slots)
{
	return (struct event_header){
		.tsc = tsc,
		.seq = ring_seq(ring),
		.id = (u8)id,
		.slots = slots,
		.vm = vcpu->vm_index,
	};
}

void trace_tlb_flush(struct vcpu *vcpu, enum tlb_scope scope,
		     enum tlb_cause cause, u16 asid, u64 address)
{
	struct ring *ring = vcpu->cpu->ring;
	struct event_tlb_flush *ev = ring_slot(ring);

	*ev = (struct event_tlb_flush){
		.h = trace_header(vcpu, ring, rdtsc(), EVENT_TLB_FLUSH, 1),
		.vcpu = vcpu->index,
		.asid = asid,
		.scope = (u8)scope,
		.cause = (u8)cause,
		.isa = (u8)hv->isa,
		.guest = cause >= TLB_CAUSE_GUEST_CR3 ||
			 cause == TLB_CAUSE_PV_REQUEST,
		.address = address,
		.rip = vcpu->rip,
		.cr3 = vcpu->pub->cr3,
	};
	ring_commit(ring, 1);
	vcpu->pub->tlb_flushes++;
}

void trace_hypercall(struct vcpu *vcpu, const struct exit_info *exit,
		     u64 number, u64 result)
{
	enum { SLOTS = sizeof(struct event_hypercall) / EVENT_SLOT_BYTES };
	struct ring *ring = vcpu->cpu->ring;
	struct event_hypercall *ev = ring_reserve(ring, SLOTS);

	*ev = (struct event_hypercall){
		.h = trace_header(vcpu, ring, exit->tsc, EVENT_HYPERCALL,
				  SLOTS),
		.vcpu = vcpu->index,
		.cpl = exit->cpl,
		.isa = (u8)hv->isa,
		.cycles = record_cycles(rdtsc() - exit->tsc),
		.number = number,
		.args = { vcpu->gpr[RBX], vcpu->gpr[RCX], vcpu->gpr[RDX],
			  vcpu->gpr[RSI] },
		.result = result,
		.rip = exit->rip,
		.cr3 = exit->cr3,
	};
	ring_commit(ring, SLOTS);
	vcpu->pub->hypercalls++;
}

void trace_vm_state(struct vcpu *vcpu, enum vm_state state,
		    const struct exit_info *exit)
{
	struct ring *ring = vcpu->cpu->ring;
	struct event_vm_state *ev = ring_slot(ring);

	*ev = (struct event_vm_state){
		.h = trace_header(vcpu, ring, rdtsc(), EVENT_VM_STATE, 1),
		.vcpu = vcpu->index,
		.state = (u16)state,
		.raw_code = exit ? exit->raw_code : 0,
		.rip = vcpu->rip,
	};
	ring_commit(ring, 1);
}
