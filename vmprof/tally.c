/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds what a recording got against what the core counted.
 */
#include "vmprof/tally.h"

#include <inttypes.h>
#include <stddef.h>

#include "vmprof/cmd.h"

void tally_add(struct tally *t, const struct event_header *ev)
{
	switch ((enum event_id)ev->id) {
	case EVENT_VMEXIT:
		t->exits++;
		break;
	case EVENT_TLB_FLUSH:
		t->tlb_flushes++;
		break;
	case EVENT_HYPERCALL:
		t->hypercalls++;
		break;
	case EVENT_VM_STATE:
		t->vm_states++;
		break;
	case EVENT_PAD:
	case EVENT_LOST:
	case EVENT_CALL_CHAIN:
		return;
	}
	if (!t->first_tsc || ev->tsc < t->first_tsc)
		t->first_tsc = ev->tsc;
	if (ev->tsc > t->last_tsc)
		t->last_tsc = ev->tsc;
}

void tally_read_counters(const struct machine *m, struct tally_counters *c)
{
	const struct anchor *a = machine_anchor(m);
	const struct anchor_vcpu *vcpu;

	*c = (struct tally_counters){ 0 };
	for (unsigned int vm = 0; vm < a->vms && vm < ANCHOR_VMS_MAX; vm++)
		c->vcpus += a->vm[vm].vcpus;
	for (unsigned int i = 0; i < c->vcpus && i < ANCHOR_VCPUS_MAX; i++) {
		vcpu = view_vcpu(machine_view(m), i);
		if (!vcpu)
			break;
		c->exits += vcpu->exits;
		c->tlb_flushes += vcpu->tlb_flushes;
		c->hypercalls += vcpu->hypercalls;
		c->flags_repaired += vcpu->flags_repaired;
	}
}

static bool kind_agrees(const char *kind, uint64_t recorded, uint64_t counted,
			unsigned int slack)
{
	uint64_t off = recorded > counted ? recorded - counted :
					    counted - recorded;

	if (off <= slack)
		return true;
	cmd_error("RECORDS AND COUNTERS DIFFER: the core counted %" PRIu64
		  " %s, its rings held %" PRIu64 "; do not trust this trace, "
		  "and report a bug of the core", counted, kind, recorded);
	return false;
}

bool tally_agrees(const struct tally *t, const struct tally_counters *c,
		  const struct source_cpu_counts *total, bool settled)
{
	unsigned int slack = settled ? 0 : c->vcpus;
	uint64_t all = c->exits + c->tlb_flushes + c->hypercalls;

	/* of what was missed nobody knows the kinds, only how many */
	if (total->missed)
		return kind_agrees("events in all", total->written, all,
				   slack + 2 * ANCHOR_VMS_MAX);
	/* no short cut: print all that differ */
	return kind_agrees("exits", t->exits, c->exits, slack) &
	       kind_agrees("TLB flushes", t->tlb_flushes, c->tlb_flushes,
			   slack) &
	       kind_agrees("hypercalls", t->hypercalls, c->hypercalls, slack);
}
