/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exits that guests make most, by the short way.
 *
 * A fast path changes registers and nothing else, so no timer, interrupt,
 * request or flush can have become due by it, and none is looked for: what
 * comes from outside is a physical interrupt, and exits by itself. Each
 * completes the instruction and commits the records, or changes nothing.
 *
 * entry.S calls them right after the exit, with GIF=0. tsc is the first TSC
 * after the exit. They return 0 if the guest can go on, else tsc: then the
 * exit goes the whole way.
 */
#ifndef VMM_CORE_SVM_FAST_H
#define VMM_CORE_SVM_FAST_H

#include "vmm-core/svm/svm.h"

u64 svm_fast_cpuid(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc);
u64 svm_fast_hypercall(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc);
/* RDMSR, and IN: entry.S looks which it is. */
u64 svm_fast_msr(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc);
u64 svm_fast_io(struct vcpu *vcpu, struct vmcb *vmcb, u64 tsc);

#endif
