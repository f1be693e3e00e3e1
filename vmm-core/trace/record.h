/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hot record: one VMEXIT into the ring. Apart from the core's trace.c
 * so that the ring benchmark measures exactly what the core executes.
 */
#ifndef VMM_CORE_TRACE_RECORD_H
#define VMM_CORE_TRACE_RECORD_H

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

#endif
