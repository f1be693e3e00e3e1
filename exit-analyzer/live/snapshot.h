/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One interval on one machine: rows that never change once
 * the interval is over. Panels and batch formats print nothing else, so both
 * show the same numbers, and the past can be looked at again.
 */
#ifndef EXIT_ANALYZER_LIVE_SNAPSHOT_H
#define EXIT_ANALYZER_LIVE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit-analyzer/stats/histogram.h"
#include "exit-analyzer/stats/key.h"
#include "vmm-core/abi/anchor.h"

/* In place of a VM, a vCPU, a machine or a reason: all of them together. */
#define SNAPSHOT_ALL (-1)
/* The VM of events that belong to none. */
#define SNAPSHOT_NO_VM ANCHOR_VMS_MAX

/* The name of rows that several share; compared by address. */
extern const char SNAPSHOT_OTHERS[];

#define SNAPSHOT_LOG2 33	/* costs of 0 to 32 bits */

/*
 * The same costs on every machine, whatever its clock: bounds that intervals
 * of different machines can be summed up by.
 */
#define SNAPSHOT_BOUNDS 22
extern const uint64_t snapshot_bound_ns[SNAPSHOT_BOUNDS];

struct cost_stats {
	uint64_t count, total;	/* in the interval; since the last reset */
	uint64_t cycles;	/* of all in the interval, and of one: */
	uint64_t min, p50, p95, p99, max;
	uint32_t log2[SNAPSHOT_LOG2]; /* how many had so many bits */
};

/* Once for each vCPU, once for its VM, once for the machine. */
struct snapshot_exit {
	int vm, vcpu;		/* SNAPSHOT_ALL */
	unsigned int reason;
	uint64_t blocked_cycles;
	struct cost_stats handle;
	/* of a VM's: above the bound before, not above this one; else 0 */
	uint64_t within[SNAPSHOT_BOUNDS];
};

/* As snapshot_exit, over all reasons and without percentiles. */
struct snapshot_vcpu {
	int vm, vcpu;
	int running;		/* 1, 0: blocked, -1: not known */
	int last_reason;	/* -1: not known */
	uint64_t exits, exits_total;
	uint64_t handle_cycles, blocked_cycles;
	uint64_t tlb_flushes, hypercalls;
	/* from the machine itself: no record tells, so a trace does not */
	bool irqs_known;
	uint64_t irqs_injected;
};

struct snapshot_vm {
	char name[32];
	unsigned int state;	/* enum vm_state */
	unsigned int vcpus;
	uint64_t ram_bytes;
};

/* Exits by function, reason and vCPU. */
struct snapshot_symbol {
	int vm, vcpu;
	unsigned int reason;
	uint32_t max_cycles;
	/* the counter's, as long as it lives, and the same for the same text */
	const char *name;	/* NULL: none, see address */
	const char *module;	/* NULL: the kernel itself */
	uint64_t address;
	uint64_t count, cycles;
};

/* Exits by process and vCPU. */
struct snapshot_process {
	int vm, vcpu;
	uint32_t pid;		/* 0: no process, but what comm says */
	char comm[16];		/* fit to print */
	uint64_t count, cycles;
};

struct snapshot_tlb {
	int vm, vcpu;
	uint16_t asid;
	uint8_t scope, cause, guest;
	uint64_t count, total;
};

struct snapshot_hypercall {
	int vm;
	uint64_t number;
	struct cost_stats cost;
};

struct snapshot_device {
	int vm;
	struct key_value device;	/* a device, an address or the others */
	uint64_t reads, writes;
	uint64_t bytes;
	/* whether all exits tell that they read, and how much */
	bool directed, sized;
	struct cost_stats cost;
};

/* Exits by the keys that were chosen, if any were. */
struct snapshot_keyed {
	char *values;		/* a string a key, one behind the other */
	uint64_t count, cycles;
	uint32_t max_cycles;
};

struct snapshot {
	double at_s;		/* of its end, since we began to look */
	double seconds;		/* its length */
	double cycles;		/* its length in TSC cycles */
	uint64_t tsc_khz;

	struct snapshot_vm vm[ANCHOR_VMS_MAX];
	unsigned int vms;
	struct snapshot_exit *exit;
	struct snapshot_vcpu *vcpu;
	struct snapshot_symbol *symbol;
	struct snapshot_process *process;
	struct snapshot_tlb *tlb;
	struct snapshot_hypercall *hypercall;
	struct snapshot_device *device;
	size_t exits, vcpus, symbols, processes, tlbs, hypercalls, devices;
	enum key key[KEYS];	/* of keyed */
	size_t keys;		/* 0: none were chosen */
	struct snapshot_keyed *keyed;
	size_t keyeds;

	/* records */
	uint64_t read, missed;
	uint64_t missed_total;	/* since the last reset */
	/*
	 * Records were lost in this interval, also those that an earlier one
	 * counts as missed: counts and rates are too small, and shares are of
	 * what was read.
	 */
	bool lossy;
	uint64_t waiting;	/* in the rings when it ended */
};

/* NULL is fine. */
void snapshot_free(struct snapshot *snap);
/* Fills in all but the total from a histogram. */
void cost_stats_fill(struct cost_stats *cost, const struct histogram *h);
/* "serial", "port 0x92", "page 0xfed00000". */
void snapshot_device_print(const struct snapshot_device *d, char *to,
			   size_t bytes);

#endif
