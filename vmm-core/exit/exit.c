/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every exit comes through here, on its way to the family that handles it.
 */
#include "vmm-core/exit/exit.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/exit/handlers.h"
#include "vmm-core/vcpu/vm.h"

#define OPCODE_HLT	0xf4
#define OPCODE_INVD	0x080f
#define OPCODE_WBINVD	0x090f

static void handle_hlt(struct vcpu *vcpu, struct exit_info *exit)
{
	/* a trap behind it wakes it at once */
	if (insn_skip(vcpu, exit, OPCODE_HLT, 1) &&
	    vcpu->events.next.type == GUEST_EVENT_NONE)
		vcpu_set_state(vcpu, VCPU_HALTED);
}

/* Guest and host share coherent caches: there is nothing to write back. */
static void handle_wbinvd(struct vcpu *vcpu, struct exit_info *exit)
{
	insn_skip(vcpu, exit,
		  exit->reason == EXIT_INVD ? OPCODE_INVD : OPCODE_WBINVD, 2);
}

/* #DB and #AC are intercepted only to be given back. */
static void handle_exception(struct vcpu *vcpu, const struct exit_info *exit)
{
	u8 vector = exit->detail & 0xff;

	if (unlikely(vcpu->events.flags & STEPPING) && vector == VECTOR_DB &&
	    event_step_done(vcpu))
		return;
	event_raise(vcpu, (struct guest_event){
		.type = GUEST_EVENT_EXCEPTION, .vector = vector,
		.has_error = vector != VECTOR_DB,
		.error = (u32)(exit->detail >> 32) });
}

void exit_handle(struct vcpu *vcpu, struct exit_info *exit)
{
	switch (exit->reason) {
	case EXIT_INTERRUPT:
	case EXIT_NMI:		return irq_window();
	case EXIT_CPUID:	return handle_cpuid(vcpu, exit);
	case EXIT_MSR_READ:	return handle_msr_read(vcpu, exit);
	case EXIT_MSR_WRITE:	return handle_msr_write(vcpu, exit);
	case EXIT_HLT:		return handle_hlt(vcpu, exit);
	case EXIT_IO:		return handle_io(vcpu, exit);
	case EXIT_NPF:		return handle_npf(vcpu, exit);
	case EXIT_HYPERCALL:	return handle_hypercall(vcpu, exit);
	case EXIT_CR_ACCESS:	return handle_cr_access(vcpu, exit);
	case EXIT_EXCEPTION:	return handle_exception(vcpu, exit);
	case EXIT_INVD:
	case EXIT_WBINVD:	return handle_wbinvd(vcpu, exit);
	case EXIT_INTR_WINDOW:	return;
	case EXIT_IRET:		return event_iret(vcpu);
	case EXIT_XSETBV:	return handle_xsetbv(vcpu, exit);
	case EXIT_RDPMC:	return vcpu_inject_gp(vcpu);
	/* CPUID hides these, and RSM outside SMM is undefined */
	case EXIT_MONITOR:
	case EXIT_MWAIT:
	case EXIT_RDPRU:
	case EXIT_RSM:
	case EXIT_SKINIT:
	case EXIT_VIRT_INSN:	return vcpu_inject_ud(vcpu);
	case EXIT_TRIPLE_FAULT:	return vm_crash(vcpu, exit, "triple fault");
	case EXIT_TASK_SWITCH:
		return vm_crash(vcpu, exit, "hardware task switch: not supported");
	case EXIT_ENTRY_FAILED:
		return vm_crash(vcpu, exit, "the CPU refused the guest's state");
	default:
		return vm_crash(vcpu, exit, "an exit that the core does not handle");
	}
}
