/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Xen's records to ours. Which vCPU a CPU runs is told by the scheduler's
 * records alone: what comes before the first of them on a CPU is nobody's,
 * and missed. A VM is a domain; it is there once it left guest mode.
 */
#ifndef TRACER_SOURCE_XEN_PAIRS_H
#define TRACER_SOURCE_XEN_PAIRS_H

#include "tracer/foreign/xen_records.h"
#include "tracer/source/made_source.h"

struct xen_pairs;

/* NULL: no memory. The source stays the caller's, and lives longer. */
struct xen_pairs *xen_pairs_new(struct made_source *to);
/* Says which vendor's codes the exits have, before the first of them. */
void xen_pairs_isa(struct xen_pairs *p, enum event_isa isa);
/* In the order of time. 0, -ENOMEM, -E2BIG: a vCPU's number is too large. */
int xen_pairs_add(struct xen_pairs *p, unsigned int cpu, uint64_t tsc,
		  const struct xen_record *r);
/* Records the exits that no entry came for, and names the VMs. */
int xen_pairs_end(struct xen_pairs *p);
/* NULL is fine. */
void xen_pairs_free(struct xen_pairs *p);

#endif
