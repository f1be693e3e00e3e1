/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handing out tags, generation by generation.
 */
#include "vmm-core/vcpu/tag.h"

static enum tlb_cause tag_assign(struct vcpu_tag *tag, struct tag_pool *pool)
{
	enum tlb_cause cause = tag->pool ? TLB_CAUSE_VCPU_MOVED :
					   TLB_CAUSE_ASID_NEW;

	if (tag->pool == pool || pool->next == pool->count)
		cause = TLB_CAUSE_ASID_ROLLOVER;
	if (pool->next == pool->count) {
		pool->generation++;
		pool->next = 1;
	}
	tag->pool = pool;
	tag->generation = pool->generation;
	tag->value = pool->next++;
	return cause;
}

enum tlb_scope tag_renew(struct vcpu *vcpu, struct tag_pool *pool)
{
	struct vcpu_tag *tag = &vcpu->tag;
	enum tlb_cause cause = tag->cause;
	enum tlb_scope scope = TLB_SCOPE_CONTEXT;

	if (tag->pool != pool || tag->generation != pool->generation)
		cause = tag_assign(tag, pool);
	if (!pool->flushes_one || cause == TLB_CAUSE_ASID_ROLLOVER)
		scope = TLB_SCOPE_ALL;
	tag->flush = false;
	trace_tlb_flush(vcpu_traced(vcpu), &(struct trace_flush){
		.scope = scope, .cause = cause, .asid = (u16)tag->value,
		.rip = vcpu->rip });
	return scope;
}
