/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes of the guests, from a machine's RAM into a trace: looked at
 * as often as is cheap, and only what changed is written.
 */
#ifndef VMPROF_PROCESS_RECORD_H
#define VMPROF_PROCESS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/file/writer.h"
#include "tracer/guest/process_watch.h"
#include "machine/machine.h"

/* Between two looks, at least: about as long as the shortest commands run. */
#define PROCESS_LOOK_NS	2000000

/* All 0: nothing was looked at. */
struct process_record {
	struct process_watch watch[ANCHOR_VMS_MAX];
	/* why a kernel will never tell, static text; NULL: it may */
	const char *never[ANCHOR_VMS_MAX];
	int64_t next_ns;	/* host's clock; not before then again */
};

/*
 * Finds the kernels that were not found yet; that may take 50 ms each. -ENOMEM
 * is all that is an error.
 */
int process_record_find(struct process_record *p, const struct machine *m,
			unsigned int vms);
/*
 * Looks if it is time, by the host's clock; now_ns is 0 for a look whatever
 * the clock says. last_tsc is that of the newest record written. 0, -ENOMEM,
 * or what the writer returned.
 */
int process_record_look(struct process_record *p, struct trace_writer *w,
			uint64_t last_tsc, int64_t now_ns);
/* Whether there is a kernel to look at. */
bool process_record_looks(const struct process_record *p);
void process_record_close(struct process_record *p);

#endif
