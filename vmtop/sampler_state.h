/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sampler holds, for the two files that know: sampler.c adds events,
 * interval.c makes snapshots of them.
 */
#ifndef VMTOP_SAMPLER_STATE_H
#define VMTOP_SAMPLER_STATE_H

#include "exit-analyzer/histogram.h"
#include "vmtop/devices.h"
#include "vmtop/sampler.h"
#include "vmtop/sites.h"

#define VM_SLOTS SITES_VMS

/* Costs are put into their histogram so many at a time. */
#define CELL_COSTS 256

struct cell {
	uint64_t blocked_cycles;
	uint32_t costs;		/* that wait */
	uint32_t cost[CELL_COSTS];
	struct histogram handle;
	uint64_t total;		/* exits before this interval, since the reset */
};

struct vcpu {
	struct cell cell[EXIT_REASONS];
	uint64_t tlb_flushes, hypercalls;
	int last_reason;
};

struct flush {
	uint64_t count, total;
};

struct call {
	struct histogram cycles;
	uint64_t total;
};

struct sampler {
	struct trace_machine machine;
	unsigned int vm_state[ANCHOR_VMS_MAX];
	struct vcpu *vcpu[VM_SLOTS][ANCHOR_VCPUS_MAX];	/* NULL: not seen */
	struct sites sites;
	struct devices devices;

	struct row_table flush_table, call_table;
	struct flush *flush;
	struct call *call;
	size_t flushes_max, calls_max;

	struct symtab *symtab[ANCHOR_VMS_MAX];

	uint64_t bound_cycles[SNAPSHOT_BOUNDS];
	uint64_t read, missed, missed_total;
	uint64_t last_tsc;
	uint64_t unresolved[ANCHOR_VMS_MAX];
	/* used while an interval ends, empty between */
	struct histogram of_vm, of_all;
};

/* All costs are in their histograms after that. 0 or a negative errno. */
int sampler_settle(struct sampler *s);

/* What a histogram says of costs; total is the caller's. */
void cost_fill(struct cost_stats *cost, const struct histogram *h);

#endif
