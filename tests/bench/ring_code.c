/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The record of an exit, and the least that any record of its size costs.
 */
#include "tests/bench/ring_code.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/trace/record.h"

void ring_record(struct ring *ring, u16 vm, u16 vcpu,
		 const struct exit_info *exit, u64 end_tsc, u64 blocked_cycles)
{
	record_vmexit(ring, vm, vcpu, exit, ISA_SVM, end_tsc, blocked_cycles);
}

void ring_records(struct ring *ring, const struct exit_info *exit, u64 count)
{
	for (u64 i = 0; i < count; i++)
		ring_record(ring, 0, 1, exit, rdtsc(), 0);
}

void ring_bare_stores(struct ring *ring, u64 count)
{
	u64 *data = (u64 *)((u8 *)ring + RING_DATA_OFFSET);
	u64 mask = ring->slots - 1, head = ring->head;

	for (u64 i = 0; i < count; i++) {
		volatile u64 *slot = data + (head++ & mask) * 8;
		u64 tsc = rdtsc();

		for (int word = 0; word < 8; word++)
			slot[word] = tsc;
	}
	ring->head = head;
}
