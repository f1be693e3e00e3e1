/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits counted as they come. A group of exits (stats/group.h) costs too much
 * per event for a million of them a second. So exits are counted by vCPU,
 * reason and address, which two indexes and a short search find, and go to the
 * groups of symbols and processes when the interval ends.
 */
#ifndef EXIT_ANALYZER_LIVE_EXIT_COUNTER_H
#define EXIT_ANALYZER_LIVE_EXIT_COUNTER_H

#include "exit-analyzer/live/device_rows.h"
#include "exit-analyzer/live/process_rows.h"
#include "exit-analyzer/live/rip_counts.h"
#include "exit-analyzer/live/symbol_rows.h"
#include "exit-analyzer/stats/histogram.h"

#define VM_SLOTS (ANCHOR_VMS_MAX + 1)

/*
 * Exits of one vCPU and reason. Count, sum and maximum of the costs are those
 * of the addresses, and become the histogram's in exits_add_up().
 */
struct exit_counter {
	struct rip_counts rips;
	uint64_t blocked_cycles;
	uint32_t min_cycles;
	bool device;			/* worth device_rows_add() */
	struct histogram handle;
	uint64_t total;		/* exits before this interval, since the reset */
	struct symbol_rows_owner owner;
	struct exit_counter *next;
};

struct vcpu_counter {
	struct exit_counter *exit[EXIT_REASONS];	/* NULL: not seen */
	uint64_t tlb_flushes, hypercalls;
	int last_reason;
	struct process_run run;
};

struct exits {
	struct vcpu_counter *vcpu[VM_SLOTS][ANCHOR_VCPUS_MAX]; /* NULL: not seen */
	struct exit_counter *counters;			/* all of them */
	struct rip_pool rips;
	struct symbol_rows symbols;
	struct device_rows devices;
	struct process_rows processes;
};

/* 0 or -ENOMEM. The context is borrowed. */
int exits_init(struct exits *x, struct key_context *context);
void exits_exit(struct exits *x);

struct vcpu_counter *exits_vcpu_new(struct exits *x, unsigned int vm,
				    unsigned int index);

/* NULL: out of memory. */
static inline struct vcpu_counter *exits_vcpu(struct exits *x, unsigned int vm,
					      unsigned int index)
{
	struct vcpu_counter *vcpu = x->vcpu[vm][index];

	return vcpu ? vcpu : exits_vcpu_new(x, vm, index);
}

/* Records of one VM and one length. 0 or a negative errno. */
int exits_add(struct exits *x, unsigned int vm,
	      const struct event_vmexit *first, unsigned int records);
/* Ends what every vCPU ran: it goes to its process. 0 or -ENOMEM. */
int exits_end_runs(struct exits *x);
/* Moves all that was counted to histograms and rows. 0 or a negative errno. */
int exits_add_up(struct exits *x);
/* Begins the next interval, after exits_add_up(). */
void exits_begin(struct exits *x);
/* The context's symbols have changed. 0 or -ENOMEM. */
int exits_forget_symbols(struct exits *x);
/* Addresses begin anew if there are too many to keep. 0 or -ENOMEM. */
int exits_trim(struct exits *x);
/* Totals begin at 0 again. */
void exits_reset(struct exits *x);

#endif
