/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by the guest process that ran. As long as a vCPU stays on the same
 * page tables an event costs a comparison and two additions; whose they are is
 * asked when they change, and where nobody knew, when the interval ends.
 */
#ifndef EXIT_ANALYZER_LIVE_PROCESS_ROWS_H
#define EXIT_ANALYZER_LIVE_PROCESS_ROWS_H

#include <stdbool.h>

#include "exit-analyzer/live/snapshot.h"
#include "exit-analyzer/stats/group.h"
#include "tracer/guest/processes.h"

/* The exits of a vCPU since it came to these page tables. */
struct process_run {
	uint64_t cr3;
	uint64_t count;
	uint64_t tsc;			/* when it came */
	/* apart from count: two sums side by side become one dear vector */
	uint64_t cycles;
	uint16_t vm, vcpu;
};

/* Before the first event, which then is a change. */
#define PROCESS_RUN_BEGIN(of_vm, of_vcpu) \
	{ .cr3 = ~0ull, .vm = (of_vm), .vcpu = (of_vcpu) }

struct process_rows {
	struct key_context *context;	/* has the processes that are known */
	struct group group;		/* by VM, vCPU, CR3 and process */
	/* a guest's since this interval's end, owned; NULL: not known */
	struct process_map *next[ANCHOR_VMS_MAX];
};

/* 0 or -ENOMEM. The context has guests. */
int process_rows_init(struct process_rows *p, struct key_context *context);
void process_rows_exit(struct process_rows *p);
/* When any guest's processes change next: a run that goes on may be another's then. */
uint64_t process_rows_next_change(const struct process_rows *p, uint64_t tsc);
/* Those that a guest has now: at the end of each interval. 0 or -ENOMEM. */
int process_rows_use_list(struct process_rows *p, unsigned int vm,
			  const struct guest_process *list, size_t count);
/* The vCPU goes on with these page tables. 0 or -ENOMEM. */
int process_rows_switch(struct process_rows *p, struct process_run *run,
			uint64_t cr3, uint64_t tsc);
/* Keeps what the run counted; it is as before the first event. 0 or -ENOMEM. */
int process_rows_end_run(struct process_rows *p, struct process_run *run);
/*
 * The interval's rows, most cycles first; at most `most` and one of "[others]"
 * a vCPU, which is the rest added up. The next interval begins; all runs must
 * have been ended. 0 or -ENOMEM.
 */
int process_rows_collect(struct process_rows *p, size_t most,
			 struct snapshot *snap);

/* false: out of memory. */
static inline bool process_rows_add(struct process_rows *p,
				    struct process_run *run,
				    const struct event_vmexit *exit)
{
	if (run->cr3 != exit->cr3 &&
	    __builtin_expect(process_rows_switch(p, run, exit->cr3,
						 exit->h.tsc), 0))
		return false;
	run->count++;
	run->cycles += exit->handle_cycles;
	return true;
}

#endif
