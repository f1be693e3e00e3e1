/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits as a busy guest makes them: many places, each with its reason, on two
 * vCPUs; costs have a tail.
 */
#ifndef TESTS_MADE_EXIT_H
#define TESTS_MADE_EXIT_H

#include "vmm-core/abi/event.h"

#define MADE_EXIT_REASONS	12
#define MADE_EXIT_TEXT		0xffffffff81000000ull

/* Which one decides r, any number; at one of so many places. */
static inline struct event_vmexit made_exit(__u64 tsc, __u64 r, __u64 sites)
{
	__u64 site = r % sites;

	return (struct event_vmexit){
		.h = { .tsc = tsc, .id = EVENT_VMEXIT, .slots = 1 },
		.vcpu = r >> 20 & 1,
		.reason = EXIT_CPUID + site % MADE_EXIT_REASONS,
		.handle_cycles = 800 + (r >> 24) % 700 +
			((r >> 40) % 50 ? 0 : (r >> 32) % 200000),
		.rip = MADE_EXIT_TEXT + site * 96,
		.cpl_known = EVENT_KNOWN_ALL,
	};
}

#endif
