/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sampler holds, for the files that know: sampler.c adds events, most
 * of them to cells.c, and interval.c makes snapshots.
 */
#ifndef EXIT_ANALYZER_LIVE_SAMPLER_STATE_H
#define EXIT_ANALYZER_LIVE_SAMPLER_STATE_H

#include "exit-analyzer/stats/histogram.h"
#include "exit-analyzer/live/devices.h"
#include "exit-analyzer/live/places.h"
#include "exit-analyzer/live/processes.h"
#include "exit-analyzer/live/sampler.h"
#include "exit-analyzer/live/symbol_rows.h"
#include "tracer/event/event_run.h"

#define VM_SLOTS (ANCHOR_VMS_MAX + 1)

/*
 * Exits of one vCPU and reason. Count, sum and maximum of the costs are those
 * of the places, and become the histogram's when it is asked (cells_settle()).
 */
struct cell {
	struct places places;
	uint64_t blocked_cycles;
	uint32_t min_cycles;
	bool device;			/* worth devices_add() */
	struct histogram handle;
	uint64_t total;		/* exits before this interval, since the reset */
	struct symbol_rows_owner owner;
	struct cell *next;
};

struct vcpu {
	struct cell *cell[EXIT_REASONS];	/* NULL: not seen */
	uint64_t tlb_flushes, hypercalls;
	int last_reason;
	struct process_run run;
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
	struct cell *cells;				/* all of them */
	struct places_pool places;
	struct key_context context;
	struct symbol_rows symbols;
	struct devices devices;
	struct processes processes;
	uint64_t change_tsc;	/* of a trace's processes, the next */

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

static inline unsigned int sampler_vm(const struct event_header *ev)
{
	return ev->vm < ANCHOR_VMS_MAX ? ev->vm : SNAPSHOT_NO_VM;
}

struct vcpu *sampler_vcpu_new(struct sampler *s, unsigned int vm,
			      unsigned int index);

/* NULL: out of memory. */
static inline struct vcpu *sampler_vcpu(struct sampler *s, unsigned int vm,
					unsigned int index)
{
	struct vcpu *vcpu = s->vcpu[vm][index];

	return vcpu ? vcpu : sampler_vcpu_new(s, vm, index);
}

/* All that runs counted is in their processes after that. 0 or -ENOMEM. */
int sampler_settle_runs(struct sampler *s);

/* Exits of one VM. 0 or a negative errno. */
int cells_add(struct sampler *s, const struct event_header *first,
	      unsigned int records);
/* All costs are in their histograms and rows after that. 0 or -ENOMEM. */
int cells_settle(struct sampler *s);
/* The next interval begins. */
void cells_empty(struct sampler *s);
/* Places are asked anew what function they lie in. */
void cells_ask(struct sampler *s);
/* Places and their rows begin anew, after they were settled. 0 or -ENOMEM. */
int cells_forget_places(struct sampler *s);
void cells_free(struct sampler *s);

/* What a histogram says of costs; total is the caller's. */
void cost_fill(struct cost_stats *cost, const struct histogram *h);

#endif
