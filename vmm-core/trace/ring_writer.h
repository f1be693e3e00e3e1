/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The writer of a ring (vmm-core/abi/ring.h has the layout and the rules).
 *
 * One writer, which never waits. Ask for slots, fill all of their bytes in
 * place, commit. Compiles in the core and hosted, so that the core, the
 * tests and the benchmark run the same instructions.
 */
#ifndef VMM_CORE_TRACE_RING_WRITER_H
#define VMM_CORE_TRACE_RING_WRITER_H

#include "vmm-core/abi/ring.h"
#include "vmm-core/lib/types.h"

/*
 * ring is page-aligned, RING_BYTES(slots) long, and zero up to the slots;
 * those nobody reads before they are written.
 */
static inline void ring_init(struct ring *ring, u32 cpu, u64 slots)
{
	ring->head = 0;
	ring->written = 0;
	ring->cpu = cpu;
	ring->slots = slots;
	ring->magic = RING_MAGIC;
}

/* The low half of the next record's number, for its header. */
static inline u32 ring_seq(const struct ring *ring)
{
	return (u32)ring->written;
}

/* Where the payload of the record at position head goes. */
static inline void *ring_slot_at(struct ring *ring, u64 head)
{
	u64 slot = head & (ring->slots - 1);

	/* W1: the head that was published last is visible before any byte
	 * of the coming payload; partner R3 in ring_reader.c */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return (u8 *)ring + RING_DATA_OFFSET + slot * EVENT_SLOT_BYTES;
}

static inline void ring_publish(struct ring *ring, u64 written, u64 head)
{
	/* relaxed, but atomic: a reader may load it at any time */
	__atomic_store_n(&ring->written, written, __ATOMIC_RELAXED);
	/* W3: payload and `written` before head; partner R1 */
	__atomic_store_n(&ring->head, head, __ATOMIC_RELEASE);
}

/* ring_publish() of the slots that come next, an instruction for each word: a
 * reader sees a word whole, and x86 keeps the order of stores. */
static inline void ring_advance(struct ring *ring, u32 records, u32 slots)
{
	asm volatile("addq %1, %0" : "+m"(ring->written) : "i"(records)
		     : "memory", "cc");
	asm volatile("addq %1, %0" : "+m"(ring->head) : "i"(slots)
		     : "memory", "cc");
}

/* Where a record of one slot goes: such a record never crosses a page. */
static inline void *ring_slot(struct ring *ring)
{
	return ring_slot_at(ring, ring->head);
}

/* The record in the slots from head on is complete. */
static inline void ring_commit(struct ring *ring, u32 slots)
{
	ring_publish(ring, ring->written + 1, ring->head + slots);
}

/*
 * Fills up the page. The pad is published by itself: readers count on the
 * writer being at most one page ahead of the head they see.
 */
static inline void ring_pad(struct ring *ring, u32 slots)
{
	struct event_header *pad = ring_slot(ring);

	*pad = (struct event_header){ .id = EVENT_PAD, .slots = (u8)slots };
	ring_publish(ring, ring->written, ring->head + slots);
}

/* Where a record of 1 to EVENT_SLOTS_MAX slots goes; contiguous. */
static inline void *ring_reserve(struct ring *ring, u32 slots)
{
	u32 left = RING_PAGE_SLOTS - (u32)(ring->head % RING_PAGE_SLOTS);

	if (unlikely(left < slots))
		ring_pad(ring, left);
	return ring_slot(ring);
}

#endif
