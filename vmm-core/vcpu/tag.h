/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tags: the ASIDs or VPIDs that keep the TLB entries of vCPUs apart.
 *
 * A CPU hands its tags out in turn. When it runs out, a new generation
 * begins, all tags of the old one are void, and everything is flushed once.
 * A vCPU keeps its tag while it stays on a CPU and in a generation; tag 0 is
 * the host's. A flush is asked for with its cause, and done and recorded
 * before the next entry.
 */
#ifndef VMM_CORE_VCPU_TAG_H
#define VMM_CORE_VCPU_TAG_H

#include "vmm-core/vcpu/vcpu.h"

/* (o) One in every CPU, made by the backend. */
struct tag_pool {
	u64 generation;
	u32 next, count;	/* tags are 1 to count - 1 */
	bool flushes_one;	/* the CPU can flush a single tag */
};

static inline void tag_pool_init(struct tag_pool *pool, u32 count,
				 bool flushes_one)
{
	*pool = (struct tag_pool){ .generation = 1, .next = 1, .count = count,
				   .flushes_one = flushes_one };
}

/* The vCPU's tag holds on this CPU, and no flush is due. */
static inline bool tag_holds(const struct vcpu_tag *tag,
			     const struct tag_pool *pool)
{
	return tag->pool == pool && tag->generation == pool->generation &&
	       !tag->flush;
}

/* Flushes at the next entry. Several causes before it: the first is told. */
static inline void tag_flush(struct vcpu *vcpu, enum tlb_cause cause)
{
	if (!vcpu->tag.flush)
		vcpu->tag.cause = cause;
	vcpu->tag.flush = true;
}

/* Where !tag_holds(): gives a tag if the vCPU needs one, records the flush,
 * and returns its scope, which the backend carries out: all or context. */
enum tlb_scope tag_renew(struct vcpu *vcpu, struct tag_pool *pool);

#endif
