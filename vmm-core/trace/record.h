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

static inline void record_vmexit(struct ring *ring, u16 vm, u16 vcpu,
				 const struct exit_info *exit,
				 enum event_isa isa, u64 end_tsc,
				 u64 blocked_cycles)
{
	/* loaded once: for all the compiler knows, ev overlaps them */
	u64 head = ring->head, number = ring->written, tsc = exit->tsc;
	struct event_vmexit *ev = ring_slot_at(ring, head);

	ev->h.tsc = tsc;
	ev->h.seq = (u32)number;
	ev->h.id = EVENT_VMEXIT;
	ev->h.slots = 1;
	ev->h.vm = vm;
	ev->vcpu = vcpu;
	ev->reason = exit->reason;
	ev->asid = exit->asid;
	ev->cpl = exit->cpl;
	ev->isa_len = EVENT_ISA_LEN(isa, exit->insn_len);
	ev->handle_cycles = record_cycles(end_tsc - tsc - blocked_cycles);
	ev->raw_code = exit->raw_code;
	ev->blocked_cycles = blocked_cycles;
	ev->rip = exit->rip;
	ev->cr3 = exit->cr3;
	ev->detail = exit->detail;
	ring_publish(ring, number + 1, head + 1);
}

#endif
