/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A regression on purpose, for the test that the gate closes: linked into a
 * copy of the core with --wrap, it makes every hypercall 100 rounds of a
 * loop dearer, two instructions each.
 */
#include "vmm-core/vcpu/handlers.h"

#define ROUNDS 100

void __real_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit);
void __wrap_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit);

void __wrap_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit)
{
	u64 left = ROUNDS;

	asm volatile("1: dec %0; jnz 1b" : "+r"(left) : : "cc");
	__real_handle_hypercall(vcpu, exit);
}
