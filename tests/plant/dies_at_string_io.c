/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core that gives up on a guest in the middle of exit-bench, at its first
 * I/O string instruction, for the test that what was measured before is kept.
 */
#include "vmm-core/exit/handlers.h"

#include "vmm-core/vcpu/vm.h"

void __real_handle_io(struct vcpu *vcpu, struct exit_info *exit);
void __wrap_handle_io(struct vcpu *vcpu, struct exit_info *exit);

void __wrap_handle_io(struct vcpu *vcpu, struct exit_info *exit)
{
	if (exit->io.string)
		return vm_crash(vcpu, exit, "planted by a test");
	__real_handle_io(vcpu, exit);
}
