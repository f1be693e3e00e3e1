/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules a record must keep, one function a kind.
 */
#include "tracer/event/event_check.h"

static const unsigned char slots_min[] = {
#define EVENT(id, NAME, name, help) \
	[id] = sizeof(struct event_##name) / EVENT_SLOT_BYTES,
#include "vmm-core/abi/events.def"
};

static const char *tlb_flush_fault(const struct event_tlb_flush *ev)
{
	if (ev->vcpu >= ANCHOR_VCPUS_MAX)
		return "a TLB flush of an impossible vCPU";
	if (ev->scope >= TLB_SCOPES || ev->cause >= TLB_CAUSES)
		return "a TLB flush whose scope or cause is not known";
	return NULL;
}

static const char *hypercall_fault(const struct event_hypercall *ev)
{
	if (ev->vcpu >= ANCHOR_VCPUS_MAX)
		return "a hypercall of an impossible vCPU";
	return NULL;
}

static const char *vm_state_fault(const struct event_vm_state *ev)
{
	return ev->state >= VM_STATES ?
		"a VM state that is not known" : NULL;
}

static const char *call_chain_fault(const struct event_call_chain *ev)
{
	if (ev->vcpu >= ANCHOR_VCPUS_MAX)
		return "a call chain of an impossible vCPU";
	if (!ev->frames ||
	    ev->frames > EVENT_CALL_CHAIN_FRAMES(ev->h.slots) ||
	    ev->kernel_frames > ev->frames)
		return "a call chain of an impossible length";
	return NULL;
}

const char *event_fault(const struct event_header *ev, unsigned int slots_left)
{
	if (!ev->slots || ev->slots > slots_left ||
	    ev->slots > EVENT_SLOTS_MAX)
		return "a record that is longer than what holds it";
	if (ev->id == EVENT_PAD || ev->id >= sizeof(slots_min))
		return "a record of a kind that is not known";
	if (ev->slots < slots_min[ev->id])
		return "a record that is too short for its kind";
	if (ev->vm >= ANCHOR_VMS_MAX && ev->vm != EVENT_NO_VM)
		return "a record of an impossible VM";
	switch (ev->id) {
	case EVENT_VMEXIT:
		return event_vmexit_fault((const struct event_vmexit *)ev);
	case EVENT_TLB_FLUSH:
		return tlb_flush_fault((const struct event_tlb_flush *)ev);
	case EVENT_HYPERCALL:
		return hypercall_fault((const struct event_hypercall *)ev);
	case EVENT_VM_STATE:
		return vm_state_fault((const struct event_vm_state *)ev);
	case EVENT_CALL_CHAIN:
		return call_chain_fault((const struct event_call_chain *)ev);
	}
	return NULL;
}
