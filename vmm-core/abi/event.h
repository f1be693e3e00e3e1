/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records: what the core writes, rings carry, files keep, tools read.
 *
 * A record fills whole slots of EVENT_SLOT_BYTES, so an ordinary one never
 * straddles a cache line. All fields are little-endian. Unused bytes are
 * zero: the same run must give the same bytes.
 */
#ifndef VMM_CORE_ABI_EVENT_H
#define VMM_CORE_ABI_EVENT_H

#include "vmm-core/abi/types.h"

#define EVENT_SLOT_BYTES	64
/* the longest record, its variable tail included (ring.h says why) */
#define EVENT_SLOTS_MAX		64

enum event_id {
	/* filler up to the next ring page; no event, has no sequence number */
	EVENT_PAD = 0,
#define EVENT(id, NAME, name, help) EVENT_##NAME = (id),
#include "vmm-core/abi/events.def"
};

enum exit_reason {
#define EXIT(id, NAME, name, help) EXIT_##NAME = (id),
#include "vmm-core/abi/exits.def"
	EXIT_REASONS
};

enum tlb_scope {
#define TLB_SCOPE(id, NAME, name, help) TLB_SCOPE_##NAME = (id),
#include "vmm-core/abi/tlb.def"
	TLB_SCOPES
};

enum tlb_cause {
#define TLB_CAUSE(id, NAME, name, help) TLB_CAUSE_##NAME = (id),
#include "vmm-core/abi/tlb.def"
	TLB_CAUSES
};

/* The instruction set whose exit codes raw_code holds. */
enum event_isa {
	ISA_SVM = 1,
	ISA_VMX = 2,
};

/*
 * The head of every record.
 *
 * tsc is when the thing began, on the physical CPU that owns the ring.
 * Records stand in the order they were committed: a VMEXIT is committed at
 * re-entry, after the flushes and hypercalls that happened inside it.
 */
struct event_header {
	__u64 tsc;
	__u32 seq;		/* low half of the record's number in its ring */
	__u8  id;		/* enum event_id */
	__u8  slots;		/* length, variable tail included */
	__u16 vm;		/* index in the anchor's VM table */
};
ABI_SIZE(struct event_header, 16);

/* vm of a record that belongs to no VM */
#define EVENT_NO_VM		0xffff

/*
 * A bit for each field of a record that may not be known, beside the CPL in
 * one byte. The core knows all. A source that knows less leaves the bit clear
 * and the field 0: readers then say 'not known', and never 0.
 */
#define EVENT_CPL(cpl_known)	((cpl_known) & 3)
#define EVENT_KNOWN_RIP		0x04
#define EVENT_KNOWN_CR3		0x08
#define EVENT_KNOWN_CPL		0x10
#define EVENT_KNOWN_COST	0x20	/* cycles, handled and blocked */
#define EVENT_KNOWN_ASID	0x40
#define EVENT_KNOWN_DETAIL	0x80	/* a flush's: its address */
/* a hypercall has neither ASID nor detail: */
#define EVENT_KNOWN_RESULT	EVENT_KNOWN_ASID
#define EVENT_KNOWN_ARGS	EVENT_KNOWN_DETAIL
#define EVENT_KNOWN_ALL		0xfc

/*
 * One round trip out of the guest: from the first TSC read after the exit
 * to the last one before re-entry. The cost of committing this record comes
 * after that and is in the guest's time (bench: at most 48 instructions).
 *
 * detail depends on the reason, never on the vendor:
 *   exception		vector, error code << 32
 *   interrupt		vector, where known
 *   cpuid		leaf (EAX), subleaf (ECX) << 32
 *   hypercall		number
 *   cr/dr-access	register number, EVENT_DETAIL_WRITE
 *   io			port, bytes << 16, EVENT_DETAIL_{WRITE,STRING,REP}
 *   msr-*		index, EVENT_DETAIL_REFUSED
 *   npf		guest-physical address, EVENT_NPF
 *   invlpg		guest-virtual address
 *   task-switch	TSS selector
 *   others		the hardware's qualification (EXITINFO1)
 */
struct event_vmexit {
	struct event_header h;
	__u16 vcpu;
	__u16 reason;		/* enum exit_reason */
	__u16 asid;		/* ASID (SVM) or VPID (VMX) */
	__u8  cpl_known;	/* CPL at the exit, EVENT_KNOWN_ */
	__u8  isa_len;		/* EVENT_ISA and EVENT_INSN_LEN */
	/* until re-entry, blocked_cycles not counted; ~0 means that or more */
	__u32 handle_cycles;
	__u32 raw_code;		/* EXITCODE (SVM) or basic reason (VMX) */
	__u64 blocked_cycles;	/* halted or descheduled before re-entry */
	__u64 rip;		/* of the instruction that exited */
	__u64 cr3;
	__u64 detail;
};
ABI_SIZE(struct event_vmexit, 64);
ABI_OFFSET(struct event_vmexit, handle_cycles, 24);
ABI_OFFSET(struct event_vmexit, rip, 40);

/* isa_len: enum event_isa in the high half, instruction bytes in the low,
 * 0 where the exit has no instruction or its length was not needed */
#define EVENT_ISA_LEN(isa, len)	((__u8)((isa) << 4 | ((len) & 15)))
#define EVENT_ISA(isa_len)	((isa_len) >> 4)
#define EVENT_INSN_LEN(isa_len)	((isa_len) & 15)

#define EVENT_DETAIL_WRITE	(1ull << 32)	/* OUT, MOV to */
#define EVENT_DETAIL_STRING	(1ull << 33)	/* INS, OUTS */
#define EVENT_DETAIL_REP	(1ull << 34)
#define EVENT_DETAIL_REFUSED	(1ull << 35)	/* the guest got #GP */

enum event_access {
	EVENT_ACCESS_UNKNOWN,
	EVENT_ACCESS_READ,
	EVENT_ACCESS_WRITE,	/* or both, by one instruction */
	EVENT_ACCESS_FETCH,
	EVENT_ACCESSES
};

/*
 * The detail of a nested page fault:
 *
 *  63      56 55   54 53    52 51                                0
 *  |  bytes  |  0    | access | guest-physical address           |
 *
 * bytes: of the access; 0: not known
 */
#define EVENT_NPF_BYTES(bytes)	((__u64)(bytes) << 56)
#define EVENT_NPF(gpa, access, bytes) \
	((gpa) | (__u64)(access) << 52 | EVENT_NPF_BYTES(bytes))
#define EVENT_NPF_GPA_OF(detail)	((detail) & 0x000fffffffffffffull)
#define EVENT_NPF_ACCESS_OF(detail)	((detail) >> 52 & 3)
#define EVENT_NPF_BYTES_OF(detail)	((detail) >> 56)

struct event_tlb_flush {
	struct event_header h;
	__u16 vcpu;
	__u16 asid;		/* the ASID or VPID flushed; 0 with scope all */
	__u8  scope;		/* enum tlb_scope */
	__u8  cause;		/* enum tlb_cause */
	__u8  isa;		/* enum event_isa */
	__u8  guest;		/* 1: the guest asked; 0: the hypervisor */
	__u64 address;		/* gva or gpa with scope address, else 0 */
	__u64 rip;		/* the guest's, when the flush was decided */
	__u64 cr3;
	__u8  known;		/* EVENT_KNOWN_ */
	__u8  reserved[15];
};
ABI_SIZE(struct event_tlb_flush, 64);

/* Committed when the result is known, before its VMEXIT. */
struct event_hypercall {
	struct event_header h;
	__u16 vcpu;
	__u8  cpl_known;	/* CPL at the call, EVENT_KNOWN_ */
	__u8  isa;		/* enum event_isa */
	__u32 cycles;		/* in the handler; ~0 means that or more */
	__u64 number;		/* RAX at the call */
	__u64 args[4];		/* RBX, RCX, RDX, RSI */
	__u64 result;		/* RAX at the return */
	__u64 rip;
	__u64 cr3;
	__u64 reserved[5];
};
ABI_SIZE(struct event_hypercall, 128);

enum vm_state {
	VM_STATE_EMPTY,		/* table entry not in use */
	VM_STATE_RUNNING,
	VM_STATE_OFF,		/* guest powered itself off */
	VM_STATE_RESET,		/* guest asked for a reset; the core stops it */
	VM_STATE_CRASHED,	/* triple fault, or something we do not support */
	VM_STATE_TIMEOUT,	/* the run's time was up */
	VM_STATE_HALTED,	/* every vCPU halted with interrupts off */
	VM_STATES
};

struct event_vm_state {
	struct event_header h;
	__u16 vcpu;		/* that caused it */
	__u16 state;		/* enum vm_state, the new one */
	__u32 raw_code;		/* crashed: the exit's raw code */
	__u64 rip;
	__u8  known;		/* EVENT_KNOWN_ */
	__u8  reserved[31];
};
ABI_SIZE(struct event_vm_state, 64);

/*
 * The loss itself is an event. Stands where the records would have stood;
 * seq is that of the first lost one. The core never writes it.
 */
struct event_lost {
	struct event_header h;	/* tsc: of the last record before the loss */
	__u64 missed;		/* records, exactly */
	__u64 resumed_tsc;	/* of the first record after it; 0: none came */
	__u64 reserved[4];
};
ABI_SIZE(struct event_lost, 64);

/*
 * The callers of the code that exited. Stands behind its VMEXIT, with the
 * same tsc, VM and vCPU. address[] goes on to the end of the record's slots.
 */
struct event_call_chain {
	struct event_header h;
	__u16 vcpu;
	__u16 frames;		/* in address[], the innermost caller first */
	__u16 kernel_frames;	/* the first so many are the kernel's */
	__u16 reserved;
	__u64 address[5];
};
ABI_SIZE(struct event_call_chain, 64);

#define EVENT_CALL_CHAIN_FRAMES(slots) \
	(((slots) * EVENT_SLOT_BYTES - 24) / sizeof(__u64))

#endif
