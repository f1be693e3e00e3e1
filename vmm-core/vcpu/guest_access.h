/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's memory by the guest's own page tables, and the length of the
 * instruction it exited on (for CPUs that do not save the next RIP).
 */
#ifndef VMM_CORE_VCPU_GUEST_ACCESS_H
#define VMM_CORE_VCPU_GUEST_ACCESS_H

#include "vmm-core/vcpu/vcpu.h"

#define INSN_BYTES_MAX 15

/* The guest-physical address of gva, ~0 if the guest does not map it. */
u64 guest_translate(struct vcpu *vcpu, u64 gva);
/* Bytes copied, short where the guest's mapping or RAM ends. */
size_t guest_read(struct vcpu *vcpu, u64 gva, void *to, size_t bytes);
size_t guest_write(struct vcpu *vcpu, u64 gva, const void *from, size_t bytes);

#endif
