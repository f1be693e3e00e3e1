/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One VMEXIT in neutral words: a backend decodes the hardware into this and
 * calls exit_handle(). Nothing in it names a vendor.
 */
#ifndef VMM_CORE_VCPU_EXIT_H
#define VMM_CORE_VCPU_EXIT_H

#include "vmm-core/abi/event.h"
#include "vmm-core/lib/types.h"

struct exit_io {
	u16 port;
	u8 bytes;		/* of one element */
	bool in, string, rep;
	u8 address_bytes;	/* string: 2, 4 or 8 */
	u8 segment;		/* OUTS: enum segment of the source */
};

struct exit_npf {
	u64 gpa;
	bool write, fetch;
};

struct exit_cr {
	u8 cr;
	u8 gpr;			/* the register moved to or from */
	bool write;
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
	/* hardware knew where the next instruction is (I/O, or NRIP save) */
	union {
		struct exit_io io;
		struct exit_npf npf;
		struct exit_cr cr;
	};
};

#endif
