/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A regression on purpose, for the test that the gate closes: linked into a
 * copy of the core with --wrap, it makes every hypercall some rounds of a
 * loop dearer, two instructions each.
 */
#include "vmm-core/exit/handlers.h"

/* its address is how many, as the linker is told */
extern const u8 planted_rounds[];

void __real_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit);
void __wrap_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit);

void __wrap_handle_hypercall(struct vcpu *vcpu, struct exit_info *exit)
{
	u64 left = (u64)planted_rounds;

	asm volatile("1: dec %0; jnz 1b" : "+r"(left) : : "cc");
	__real_handle_hypercall(vcpu, exit);
}
