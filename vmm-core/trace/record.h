/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hot record: one VMEXIT into the ring. Apart from the core's trace.c
 * so that the ring benchmark measures exactly what the core executes.
 */
#ifndef VMM_CORE_TRACE_RECORD_H
#define VMM_CORE_TRACE_RECORD_H

#include "vmm-core/trace/ring_writer.h"
#include "vmm-core/vcpu/exit.h"

/* The record has 32 bits for it: ~0 means that or more. */
static inline u32 record_cycles(u64 cycles)
{
	return cycles < 0xffffffffu ? (u32)cycles : 0xffffffffu;
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
	ev->cpl = exit->cpl;
	ev->isa_len = EVENT_ISA_LEN(isa, exit->insn_len);
	ev->raw_code = exit->raw_code;
	ev->rip = exit->rip;
	ev->cr3 = exit->cr3;
	ev->detail = exit->detail;
	ring_publish(ring, ring->written + 1, head + 1);
}

#endif
