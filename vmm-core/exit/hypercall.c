/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls; vmm-core/abi/hypercall.h has the list.
 */
#include "vmm-core/abi/hypercall.h"

#include "vmm-core/exit/handlers.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vm.h"

static u64 hypercall(u64 number, u8 cpl)
{
	if (number < HC_BASE && cpl)
		return (u64)HC_EPERM;
	switch (number) {
	case HC_NOP:
	case HC_MARK:
	case HC_STOP:
		return 0;
	}
	return (u64)HC_ENOSYS;
}

void handle_hypercall(struct vcpu *vcpu, struct exit_info *exit)
{
	u64 number = vcpu->gpr[RAX];
	u64 result = hypercall(number, exit->cpl);

	exit->detail = number;
	if (!insn_skip(vcpu, exit, hv->hypercall_opcode, 3))
		return;
	trace_hypercall(vcpu_traced(vcpu), exit, (struct trace_hypercall){
		.number = number, .result = result,
		.args = { vcpu->gpr[RBX], vcpu->gpr[RCX], vcpu->gpr[RDX],
			  vcpu->gpr[RSI] } });
	vcpu->gpr[RAX] = result;
	if (number == HC_STOP)
		vm_stop(vcpu, VM_STATE_OFF, exit);
}
