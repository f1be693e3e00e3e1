/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The anchor page, and what it leads to: rings and the vCPU table.
 */
#include "abi_hash.h"

#include "vmm-core/trace/trace.h"

#include "vmm-core/lib/string.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/trace/ring_writer.h"

static struct anchor_vcpu vcpu_table[ANCHOR_VCPUS_MAX] __aligned(4096);

static struct anchor_range range_table[ANCHOR_VMS_MAX][ANCHOR_RANGES_MAX];

/* All that is known before the core runs; refuse() relies on that. */
struct anchor anchor __aligned(ANCHOR_BYTES) = {
	.version = ANCHOR_VERSION,
	.bytes = sizeof(anchor),
	.abi_hash = ABI_HASH,
	.vcpu_bytes = sizeof(struct anchor_vcpu),
	.vcpu_hpa = (u64)vcpu_table,
	.range_hpa = (u64)range_table,
};

struct anchor_range *trace_ranges(u16 vm)
{
	return range_table[vm];
}

void trace_build_id(const u8 *id, size_t bytes)
{
	if (bytes > sizeof(anchor.build_id))
		bytes = sizeof(anchor.build_id);
	memcpy(anchor.build_id, id, bytes);
}

struct ring *trace_ring_new(u32 cpu, u64 ring_bytes)
{
	u64 slots = ring_bytes / EVENT_SLOT_BYTES;
	struct ring *ring = mm_alloc_uncleared(RING_BYTES(slots), PAGE_BYTES);

	if (!ring)
		return NULL;
	/* nobody reads a slot before it was written */
	memset(ring, 0, RING_DATA_OFFSET);
	ring_init(ring, cpu, slots);
	anchor.ring[cpu].hpa = hpa(ring);
	anchor.ring[cpu].bytes = RING_BYTES(slots);
	return ring;
}

struct anchor_vcpu *trace_vcpu_slot(u16 index)
{
	return index < ANCHOR_VCPUS_MAX ? &vcpu_table[index] : NULL;
}

void trace_anchor_publish(void)
{
	/* release: whoever sees the magic sees the rest */
	__atomic_store_n(&anchor.magic, ANCHOR_MAGIC, __ATOMIC_RELEASE);
}

void trace_state_publish(enum machine_state state)
{
	/* release: the rings' last records come before "stopped" */
	__atomic_store_n(&anchor.state, (u16)state, __ATOMIC_RELEASE);
}
