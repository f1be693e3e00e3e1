/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hot record: one VMEXIT into the ring. Apart from the core's trace.c
 * so that the ring benchmark measures exactly what the core executes.
 */
#ifndef VMM_CORE_TRACE_RECORD_H
#define VMM_CORE_TRACE_RECORD_H

#include "vmm-core/abi/anchor.h"
#include "vmm-core/trace/exit_info.h"
#include "vmm-core/trace/ring_writer.h"

/* The record has 32 bits for it: ~0 means that or more. */
static inline u32 record_cycles(u64 cycles)
{
	return cycles < 0xffffffffu ? (u32)cycles : 0xffffffffu;
}

/*
 * cpl, then the length, a byte each: they stand so in both structs, and move
 * as one word. Byte by byte, gcc takes four instructions more. The core knows
 * all of its records.
 */
static inline void record_cpl_isa_len(struct event_vmexit *ev,
				      const struct exit_info *restrict exit,
				      enum event_isa isa)
{
	u16 pair;

	_Static_assert(offsetof(struct exit_info, insn_len) ==
		       offsetof(struct exit_info, cpl) + 1, "side by side");
	_Static_assert(offsetof(struct event_vmexit, isa_len) ==
		       offsetof(struct event_vmexit, cpl_known) + 1, "side by side");
	__builtin_memcpy(&pair, &exit->cpl, sizeof(pair));
	pair = (u16)((pair & 0x0f03) | EVENT_ISA_LEN(isa, 0) << 8 |
		     EVENT_KNOWN_ALL);
	__builtin_memcpy(&ev->cpl_known, &pair, sizeof(pair));
}

/* restrict: neighbouring fields then move together */
static inline void record_vmexit(struct ring *ring, u16 vm, u16 vcpu,
				 const struct exit_info *restrict exit,
				 enum event_isa isa, u64 end_tsc,
				 u64 blocked_cycles)
{
	u64 head = ring->head, tsc = exit->tsc;
	struct event_vmexit *ev = ring_slot_at(ring, head);

	/* what sits in argument registers first: that frees them */
	ev->h.id = EVENT_VMEXIT;
	ev->h.slots = 1;
	ev->h.vm = vm;
	ev->vcpu = vcpu;
	ev->blocked_cycles = blocked_cycles;
	ev->handle_cycles = record_cycles(end_tsc - tsc - blocked_cycles);
	ev->h.tsc = tsc;
	ev->h.seq = ring_seq(ring);
	ev->reason = exit->reason;
	ev->asid = exit->asid;
	record_cpl_isa_len(ev, exit, isa);
	ev->raw_code = exit->raw_code;
	ev->rip = exit->rip;
	ev->cr3 = exit->cr3;
	ev->detail = exit->detail;
	ring_publish(ring, ring->written + 1, head + 1);
}

/* The part that all records of a vCPU on its CPU have in common. */
struct record_source {
	struct ring *ring;
	u64 slot_mask;		/* of the ring, in bytes */
	struct anchor_vcpu *pub;
	u16 vm, vcpu;
	/* of VMEXITs: id, slots and vm as they stand in the header */
	u32 header;
};

static inline void record_source_init(struct record_source *from,
				      struct ring *ring,
				      struct anchor_vcpu *pub, u16 vm, u16 vcpu)
{
	*from = (struct record_source){
		.ring = ring, .pub = pub, .vm = vm, .vcpu = vcpu,
		.slot_mask = (ring->slots - 1) * EVENT_SLOT_BYTES,
		.header = EVENT_VMEXIT | 1u << 8 | (u32)vm << 16,
	};
}

/* An exit whose fields are in registers, or where the hardware left them:
 * asid and cpl are copied from there. */
struct record_exit {
	u64 tsc, rip, cr3, detail;
	const u32 *asid;
	const u8 *cpl;
	u32 raw_code;
	u16 reason;
	u8 isa_len;
};

/* Cycles since *tsc, as a record has them. */
static inline u32 record_cycles_since(const u64 *tsc)
{
	const u32 *half = (const u32 *)tsc;
	u32 low, high;
	bool more;

	asm volatile("rdtsc; sub %3, %0; sbb %4, %1"
		     : "=&a"(low), "=&d"(high), "=@ccnz"(more)
		     : "m"(half[0]), "m"(half[1]));
	return likely(!more) ? low : 0xffffffffu;
}

#define RECORD_INLINE static inline __attribute__((always_inline))

RECORD_INLINE void *record_at(const struct record_source *from)
{
	struct ring *ring = from->ring;

	/* W1 of ring.h, as in ring_slot_at() */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return (u8 *)ring + RING_DATA_OFFSET +
	       (ring->head * EVENT_SLOT_BYTES & from->slot_mask);
}

/* Fills in the record, and counts the exit. */
RECORD_INLINE void record_vmexit_fill(const struct record_source *from,
				      struct event_vmexit *ev, u32 seq,
				      const struct record_exit *restrict exit)
{
	struct anchor_vcpu *pub = from->pub;
	u32 word;

	_Static_assert(offsetof(struct event_vmexit, reason) ==
		       offsetof(struct event_vmexit, vcpu) + 2, "one word");
	_Static_assert(offsetof(struct event_header, vm) ==
		       offsetof(struct event_header, id) + 2, "one word");
	ev->h.tsc = exit->tsc;
	ev->h.seq = seq;
	__builtin_memcpy(&ev->h.id, &from->header, sizeof(from->header));
	word = (u32)exit->reason << 16 | from->vcpu;
	__builtin_memcpy(&ev->vcpu, &word, sizeof(word));
	ev->asid = (u16)*exit->asid;
	ev->cpl_known = *exit->cpl | EVENT_KNOWN_ALL;
	ev->isa_len = exit->isa_len;
	ev->raw_code = exit->raw_code;
	ev->blocked_cycles = 0;
	ev->rip = exit->rip;
	ev->cr3 = exit->cr3;
	ev->detail = exit->detail;
	pub->exits++;
	pub->by_reason[exit->reason]++;
	pub->last_reason = exit->reason;
}

/* An exit that ends now and was never blocked. */
RECORD_INLINE void record_vmexit_now(const struct record_source *from,
				     const struct record_exit *restrict exit)
{
	struct event_vmexit *ev = record_at(from);

	record_vmexit_fill(from, ev, ring_seq(from->ring), exit);
	ev->handle_cycles = record_cycles_since(&ev->h.tsc);
	ring_advance(from->ring, 1, 1);
}

enum { HYPERCALL_SLOTS = sizeof(struct event_hypercall) / EVENT_SLOT_BYTES };

/* Where the arguments of a hypercall are. */
struct record_args {
	const u64 *a, *b, *c, *d;
};

/* The page has room for what record_hypercall_now() writes. */
static inline bool record_hypercall_fits(const struct record_source *from)
{
	return from->ring->head % RING_PAGE_SLOTS <
	       RING_PAGE_SLOTS - HYPERCALL_SLOTS;
}

/* The same for a hypercall, exit->detail its number: both of its records. */
RECORD_INLINE void record_hypercall_now(const struct record_source *from,
					const struct record_exit *restrict exit,
					struct record_args args, u64 result)
{
	struct event_hypercall *ev = record_at(from);
	struct event_vmexit *end = (void *)(ev + 1);
	struct ring *ring = from->ring;
	u32 header, cycles;

	record_vmexit_fill(from, end, ring_seq(ring) + 1, exit);
	from->pub->hypercalls++;
	ev->h.tsc = exit->tsc;
	ev->h.seq = ring_seq(ring);
	header = from->header + EVENT_HYPERCALL - EVENT_VMEXIT +
		 ((HYPERCALL_SLOTS - 1) << 8);
	__builtin_memcpy(&ev->h.id, &header, sizeof(header));
	ev->vcpu = from->vcpu;
	ev->cpl_known = *exit->cpl | EVENT_KNOWN_ALL;
	ev->isa = EVENT_ISA(exit->isa_len);
	ev->number = exit->detail;
	ev->args[0] = *args.a;
	ev->args[1] = *args.b;
	ev->args[2] = *args.c;
	ev->args[3] = *args.d;
	ev->result = result;
	ev->rip = exit->rip;
	ev->cr3 = exit->cr3;
	for (unsigned int i = 0; i < 5; i++)
		ev->reserved[i] = 0;
	cycles = record_cycles_since(&ev->h.tsc);
	ev->cycles = cycles;
	end->handle_cycles = cycles;
	ring_advance(ring, 2, HYPERCALL_SLOTS + 1);
}

#endif
