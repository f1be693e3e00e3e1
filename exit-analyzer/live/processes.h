/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by the guest process that ran. As long as a vCPU stays on the same
 * page tables an event costs a comparison and two additions; whose they are is
 * asked when they change, and where nobody knew, when the interval ends.
 */
#ifndef EXIT_ANALYZER_LIVE_PROCESSES_H
#define EXIT_ANALYZER_LIVE_PROCESSES_H

#include <stdbool.h>

#include "exit-analyzer/stats/row_table.h"
#include "tracer/guest/processes.h"
#include "tracer/symbol/process_map.h"
#include "exit-analyzer/live/snapshot.h"

/* What a vCPU did since it came to these page tables. */
struct process_run {
	uint64_t cr3;
	uint64_t count;
	const struct process_name *who;	/* NULL: nobody that is known */
	/* apart from count: two sums side by side become one dear vector */
	uint64_t cycles;
	uint32_t place;			/* PROCESS_PLACE() of the vCPU */
};

#define PROCESS_PLACE(vm, vcpu)	((uint32_t)(vm) << 16 | (vcpu))

/* Before the first event, which then is a change. */
#define PROCESS_RUN_BEGIN(vm, vcpu) \
	{ .cr3 = ~0ull, .place = PROCESS_PLACE(vm, vcpu) }

struct process_count {
	uint64_t count, cycles;
};

struct processes {
	/* by place, CR3 and who */
	struct row_table table;
	struct process_count *row;
	size_t rows_max;
	/* of a VM, NULL: not known; next: since this interval's end */
	struct process_map *map[ANCHOR_VMS_MAX], *next[ANCHOR_VMS_MAX];
};

/* 0 or -ENOMEM. */
int processes_init(struct processes *p);
void processes_exit(struct processes *p);
/* Those of a trace, each for its time; owned. Before the first event. */
void processes_use_map(struct processes *p, unsigned int vm,
		       struct process_map *map);
/* Of all maps: when a run that goes on may be another's. */
uint64_t processes_next_change(const struct processes *p, uint64_t tsc);
/* Those that a guest has now: at the end of each interval. 0 or -ENOMEM. */
int processes_use_list(struct processes *p, unsigned int vm,
		       const struct guest_process *list, size_t count);
/* The vCPU goes on with these page tables. 0 or -ENOMEM. */
int processes_switch(struct processes *p, struct process_run *run,
		     uint64_t cr3, uint64_t tsc);
/* As before the first event; what it counted is kept. 0 or -ENOMEM. */
int processes_settle(struct processes *p, struct process_run *run);
/*
 * The interval's rows, most cycles first; at most `most` and one of "[others]"
 * a vCPU, which is the rest added up. The next interval begins; no run may
 * have counted anything since it was settled. 0 or -ENOMEM.
 */
int processes_collect(struct processes *p, size_t most, struct snapshot *snap);

/* false: out of memory. */
static inline bool processes_add(struct processes *p, struct process_run *run,
				const struct event_vmexit *exit)
{
	if (run->cr3 != exit->cr3 &&
	    __builtin_expect(processes_switch(p, run, exit->cr3,
					      exit->h.tsc), 0))
		return false;
	run->count++;
	run->cycles += exit->handle_cycles;
	return true;
}

#endif
