/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One VMEXIT in neutral words, as a backend decodes it, handlers see it and
 * its record keeps it. Nothing in it names a vendor.
 */
#ifndef VMM_CORE_TRACE_EXIT_INFO_H
#define VMM_CORE_TRACE_EXIT_INFO_H

#include "vmm-core/abi/event.h"
#include "vmm-core/lib/types.h"

struct exit_io {
	u16 port;
	u8 bytes;		/* of one element */
	bool in, string, rep;
};

struct exit_npf {
	u64 gpa;
	bool write, fetch;
	bool walk;		/* by the guest's page tables, on their own page */
};

struct exit_info {
	u64 tsc;		/* first TSC after the exit */
	u64 rip, cr3;		/* at the exit */
	u64 detail;		/* struct event_vmexit says of what */
	u32 raw_code;
	u16 reason;		/* enum exit_reason */
	u16 asid;
	u8 cpl;
	u8 insn_len;		/* 0: not known (yet) */
	/* by reason; insn_len is known for I/O */
	union {
		struct exit_io io;
		struct exit_npf npf;
	};
};

#endif
