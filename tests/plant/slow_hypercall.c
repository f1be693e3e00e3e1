/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A regression on purpose, for the test that the gate closes: linked into a
 * copy of the core with --wrap, it makes every hypercall some rounds of a
 * loop dearer, two instructions each.
 */
#include "vmm-core/svm/fast.h"

/* its address is how many, as the linker is told */
extern const u8 planted_rounds[];

u64 __real_svm_fast_hypercall(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc);
u64 __wrap_svm_fast_hypercall(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc);

u64 __wrap_svm_fast_hypercall(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc)
{
	u64 left = (u64)planted_rounds;

	asm volatile("1: dec %0; jnz 1b" : "+r"(left) : : "cc");
	return __real_svm_fast_hypercall(vcpu, vmcb, tsc);
}
