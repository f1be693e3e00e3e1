/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nested page faults: the guest touched what is not RAM. Either a device
 * answers, or nobody does, and the bus reads all ones.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/exit/guest_access.h"
#include "vmm-core/exit/insn_cache.h"
#include "vmm-core/exit/insn_run.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/vcpu/vm.h"

/* A fetch by tables that are not in RAM, whose entries so do not exist. */
static void fetch_by_tables(struct vcpu *vcpu)
{
	const struct anchor_vcpu *pub = vcpu->pub;
	bool told = pub->efer & EFER_NXE || pub->cr4 & CR4_SMEP;
	u32 error;

	if (guest_translate(vcpu, vcpu->code_base + vcpu->rip, ACCESS_FETCH,
			    &error, NULL) != ~0ull)
		return;
	vcpu_inject_pf(vcpu, vcpu->code_base + vcpu->rip,
		       (told ? ACCESS_FETCH : 0) |
		       (vcpu->cpl == 3 ? ACCESS_USER : 0));
}

void handle_npf(struct vcpu *vcpu, struct exit_info *exit)
{
	const struct insn *insn;
	union insn_bytes bytes;
	size_t have;

	/* an event's stack or table lies outside of RAM */
	if (vcpu->events.flags & BROKEN_OFF)
		return vcpu_inject_gp(vcpu);
	if (exit->npf.fetch && exit->npf.walk)
		return fetch_by_tables(vcpu);
	/* the bus gives all ones, which the CPU refuses */
	if (exit->npf.fetch)
		return vcpu_inject_ud(vcpu);
	have = insn_fetch(vcpu, bytes.byte);
	if (unlikely(!have))
		return;
	insn = insn_cached(&bytes, have, vcpu->code_bits, vcpu->rip);
	if (unlikely(!insn))
		return vcpu_inject_ud(vcpu);
	exit->detail |= EVENT_NPF_BYTES(insn->memory_bytes);
	insn_run(vcpu, exit, insn);
}
