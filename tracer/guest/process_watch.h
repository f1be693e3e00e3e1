/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM's processes, looked at again and again: what changed since the last
 * look, as a trace keeps it.
 *
 * A process that lives and dies between two looks is missed. A look takes about
 * 0.15 us for each process and kernel thread of the guest.
 */
#ifndef TRACER_GUEST_PROCESS_WATCH_H
#define TRACER_GUEST_PROCESS_WATCH_H

#include "tracer/guest/processes.h"
#include "tracer/view/machine_view.h"
#include "vmm-core/abi/trace_file.h"

/* All 0: not open. */
struct process_watch {
	struct process_list list;
	bool open;
	bool looked;
	uint64_t looked_tsc;		/* at the last look */
	uint64_t tsc_khz;
	struct guest_process *known;	/* as of the last look, by cr3 */
	size_t known_count;
	struct trace_process *change;
	size_t changes, changes_max;
};

/*
 * Finds the VM's kernel as vm_kernel_processes() does, and returns the same;
 * 0 if it is open already. Finding takes 20 to 50 ms.
 */
int process_watch_open(struct process_watch *w,
		       const struct machine_view *view, unsigned int vm,
		       const char **why);
/* Opens a closed watch on the processes of a kernel found by other means. */
void process_watch_begin(struct process_watch *w,
			 const struct process_list *list, uint64_t tsc_khz);
/*
 * Looks at the processes of an open watch; w->change[w->changes] is valid until
 * the next call. tsc is that of the newest record read before. 0 or -ENOMEM.
 *
 * A process that is new since the last look counts from that look on; at the
 * first look, from when it was started by the guest's clock, which is never
 * later. Where the cr3 was another's, the change counts from this look on.
 */
int process_watch_look(struct process_watch *w, uint64_t tsc);
/* Makes it all 0 again. */
void process_watch_close(struct process_watch *w);

#endif
