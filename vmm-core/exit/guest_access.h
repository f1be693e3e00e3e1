/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's memory by the guest's own page tables, as they are now. The
 * guest may change them under us: every step is checked against its RAM.
 */
#ifndef VMM_CORE_EXIT_GUEST_ACCESS_H
#define VMM_CORE_EXIT_GUEST_ACCESS_H

#include "vmm-core/vcpu/vcpu.h"

/* The kind of access, in the bits of a page fault's error code. */
#define ACCESS_WRITE	BIT(1)
#define ACCESS_USER	BIT(2)
/* fetching what the CPU has just run: permissions are not asked again */
#define ACCESS_FETCH	BIT(4)

/* The error code of a page fault: what was tried, and: the page was there. */
#define PF_PRESENT	BIT(0)

/* The entries a walk went through, from the root on. */
struct guest_walk {
	unsigned int levels;
	const volatile u64 *pte[FETCH_LEVELS];
	u64 value[FETCH_LEVELS];
};

/* The guest-physical address of gva; ~0 and *error for a page fault. *trail
 * (may be NULL) is filled for tables of 64-bit entries only. */
u64 guest_translate(struct vcpu *vcpu, u64 gva, u32 access, u32 *error,
		    struct guest_walk *trail);
/*
 * Guest memory that holds gva, up to the end of its page: *bytes of it.
 * NULL and *error as above; NULL and error 0: mapped, but not to RAM.
 */
void *guest_pointer(struct vcpu *vcpu, u64 gva, u32 access, u64 *bytes,
		    u32 *error);

#endif
