/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sums of all intervals since we began to look: counters that only grow,
 * for those who ask now and then and subtract for themselves.
 *
 * A machine that has gone keeps its counters for a while, so that its last
 * records are collected, too. One of the same name that comes after it is
 * another machine and counts from 0.
 */
#ifndef VMTOP_SERVE_METRICS_H
#define VMTOP_SERVE_METRICS_H

#include <limits.h>
#include <stdbool.h>

#include "vmtop/watch/watch.h"

#define METRICS_GONE	64	/* machines that have gone and are kept */
#define METRICS_GONE_S	300	/* how long they are kept */
/*
 * Guests choose the numbers of hypercalls, and a CPU may have thousands of
 * ASIDs: beyond so many rows of a VM, the rest is added up.
 */
#define METRICS_FLUSHES	128
#define METRICS_CALLS	128

#define METRICS_VM_SLOTS (ANCHOR_VMS_MAX + 1)	/* SNAPSHOT_NO_VM is the last */

struct metrics_vcpu {
	int running;		/* as in a snapshot */
	bool irqs_known;
	uint64_t irqs_injected;
	uint64_t handle_cycles;
	uint64_t exits[EXIT_REASONS], blocked_cycles[EXIT_REASONS];
};

/* A reason of a VM. */
struct metrics_reason {
	uint64_t count, cycles;
	uint64_t within[SNAPSHOT_BOUNDS];
};

struct metrics_flush {
	bool others;		/* no ASID is meant */
	uint16_t asid;
	unsigned int cause;	/* TLB_CAUSES: not known */
	uint64_t count;
};

struct metrics_call {
	bool others;		/* no number is meant */
	uint64_t number;
	uint64_t count, cycles;
};

struct metrics_vm {
	/* printable ASCII, and no other VM of the machine has the same */
	char name[32];
	struct snapshot_vm now;
	/* NULL: nothing happened yet */
	struct metrics_vcpu *vcpu[ANCHOR_VCPUS_MAX];
	struct metrics_reason *reason[EXIT_REASONS];
	/* others come last: of each cause, and of all calls */
	struct metrics_flush flush[METRICS_FLUSHES + TLB_CAUSES + 1];
	struct metrics_call call[METRICS_CALLS + 1];
	size_t flushes, calls;
};

struct metrics_machine {
	char name[NAME_MAX + 1];
	unsigned long serial;
	bool gone, seen;
	double gone_at_s;
	uint64_t tsc_khz;
	uint64_t read, missed, waiting;
	unsigned int vms;
	struct metrics_vm vm[METRICS_VM_SLOTS];
};

struct metrics {
	struct metrics_machine **machine;
	size_t machines, machines_max;
	uint64_t intervals;
	double seconds;		/* the newest one's length */
	double own_cpu_s, own_bytes;
};

/* A zeroed struct is empty. */
/*
 * Each machine's newest interval, then metrics_interval(): snap may be NULL.
 * 0 or -ENOMEM.
 */
int metrics_add(struct metrics *m, const char *name, unsigned long serial,
		bool gone, const struct snapshot *snap);
void metrics_interval(struct metrics *m, const struct watch_status *status,
		      double seconds);
/* Both, of all that is watched. */
int metrics_add_watch(struct metrics *m, const struct watch *w, double seconds);
void metrics_clear(struct metrics *m);

#endif
