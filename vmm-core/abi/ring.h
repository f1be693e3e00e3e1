/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring: the broadcast flight recorder of one physical CPU.
 *
 * One writer that never waits and overwrites the oldest; any number of
 * passive readers that map it read-only and keep their own position. Nothing
 * a reader does can be seen by the writer.
 *
 * Positions count slots since boot and never wrap. A record starts at
 * position p in slot p & (slots - 1) and never crosses a multiple of
 * RING_PAGE_SLOTS: the writer fills up with EVENT_PAD first. So every such
 * multiple starts a record, and a reader that fell behind can find one.
 *
 * Writer (vmm-core/trace/ring_writer.h):
 *   W1 release fence	the previous head before this payload; partner R3
 *   W2 payload		into the slots from head on
 *   W3 store head, release	payload before head; partner R1
 * Reader (tracer/source/ring_reader.h):
 *   R1 load head, acquire	partner W3
 *   R2 copy slots below head
 *   R3 acquire fence	the copy before the check; partner W1
 *   R4 load head again, relaxed
 * The copy is good if position >= R4's head + RING_PAGE_SLOTS - slots: the
 * writer may already be filling up to RING_PAGE_SLOTS slots beyond the head it
 * has published. Otherwise the reader drops the copy and starts anew at the
 * next multiple of RING_PAGE_SLOTS.
 *
 * For every reader: written = read + missed. A record's seq is the low half
 * of its number; `written`, stored before head, gives the high half.
 */
#ifndef VMM_CORE_ABI_RING_H
#define VMM_CORE_ABI_RING_H

#include "vmm-core/abi/event.h"

#define RING_MAGIC		0x474e4952	/* "RING" */
#define RING_PAGE_SLOTS		EVENT_SLOTS_MAX
#define RING_SLOTS_MIN		(4 * RING_PAGE_SLOTS)
#define RING_DATA_OFFSET	4096

struct ring {
	/* written by the owning CPU only, on a cache line of their own */
	__u64 head;		/* slots committed since boot */
	__u64 written;		/* records committed since boot */
	__u64 reserved_hot[6];
	/* set once, before the anchor is published */
	__u32 magic;
	__u32 cpu;
	__u64 slots;		/* a power of two, at least RING_SLOTS_MIN */
	/* the slots begin RING_DATA_OFFSET bytes from here */
};
ABI_OFFSET(struct ring, magic, 64);
ABI_SIZE(struct ring, 80);

#define RING_BYTES(slots) (RING_DATA_OFFSET + (slots) * EVENT_SLOT_BYTES)

#endif
