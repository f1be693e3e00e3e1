/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits that hold a pause of the whole machine, proved by the host's clocks:
 * an exit that took longer than its emulator had a CPU meanwhile did not run
 * for the rest. docs/host-pauses.md says what this finds and what it cannot.
 */
#ifndef VMPROF_HOST_PAUSES_H
#define VMPROF_HOST_PAUSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmm-core/abi/event.h"

#define HOST_SAMPLES	1024

/* The clocks at one moment. */
struct host_sample {
	int64_t wall_ns;
	int64_t cpu_ns;		/* of all threads of the emulator */
};

struct host_pauses {
	clockid_t cpu_clock;
	uint64_t tsc_khz;
	uint64_t look_cycles;	/* shorter exits are not looked at */
	/* a ring, the newest before `next`; every record that was committed
	 * before `drained_ns` has been seen */
	struct host_sample sample[HOST_SAMPLES];
	uint64_t next;
	int64_t drained_ns;
	/* what was found: exits, their proved pauses, and the longest */
	uint64_t exits;
	int64_t total_ns, longest_ns;
	struct event_vmexit longest;
};

/* Begins to look at the process pid, whose TSC has tsc_khz. With pid 0, or one
 * whose clock the host does not show, nothing is found. */
void host_pauses_begin(struct host_pauses *p, pid_t pid, uint64_t tsc_khz);
/* All that was in the rings at before_ns, and more, has been looked at. */
void host_pauses_drained(struct host_pauses *p, int64_t before_ns);
/* An exit that took look_cycles or more, as soon as it is read. true: it holds
 * a pause, and what it cost by itself nobody can tell. */
bool host_pauses_look(struct host_pauses *p, const struct event_vmexit *ev);
/* Takes the cost out of the record, and the bit that says it is known. */
void host_pause_forget_cost(struct event_vmexit *ev);

/*
 * How much of an exit that took handle_ns, and blocked for blocked_ns, was a
 * pause, at least; it ended between drained_ns and `now`. 0: none is proved.
 */
int64_t host_pause_proved(const struct host_pauses *p, struct host_sample now,
			  int64_t handle_ns, int64_t blocked_ns);

#endif
