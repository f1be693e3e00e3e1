/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The subject of a row of any panel, and the part of the machines that is
 * looked at.
 */
#ifndef VMTOP_TABLE_ITEM_H
#define VMTOP_TABLE_ITEM_H

#include <stdbool.h>

#include "vmtop/watch/watch.h"

/* Each may be SNAPSHOT_ALL. */
struct scope {
	int target, vm, vcpu, reason;
};

#define SCOPE_ALL \
	{ SNAPSHOT_ALL, SNAPSHOT_ALL, SNAPSHOT_ALL, SNAPSHOT_ALL }

/* The longest name that a guest can have: of a symbol, with its module. */
#define ITEM_NAME_BYTES 640

struct item {
	const struct watch *watch;
	const struct snapshot *snap;
	size_t back;		/* which interval snap is */
	struct scope at;	/* what the row stands for */

	/* rows of snap that it is named after; NULL: of none */
	const struct snapshot_symbol *symbol;
	const struct snapshot_process *process;
	const struct snapshot_device *device;
	const struct snapshot_keyed *keyed;
	/* exits of the row, or calls, or flushes */
	struct cost_stats cost;
	uint64_t blocked_cycles;
	/* of all rows in the table; machines' cycles differ, so in seconds */
	uint64_t all_count;
	double all_s;

	/* VMs and vCPUs */
	unsigned int vcpus, state;
	int running, last_reason;
	uint64_t ram_bytes, tlb_flushes, hypercalls, irqs_injected, missed;
	bool irqs_known;

	/* flushes and calls */
	uint16_t asid;
	uint8_t tlb_scope, tlb_cause, guest;
	uint64_t number;

	/* devices; what their exits do not all tell is not known */
	uint64_t reads, writes, bytes;
	bool directed, sized;
};

/* The identity of a row, also when its interval is forgotten. */
struct item_key {
	struct scope at;
	uint16_t asid;
	uint8_t tlb_scope, tlb_cause, guest;
	uint64_t number;
	char name[ITEM_NAME_BYTES];
};

struct item_list {
	struct item *item;
	size_t count, max;
};

/* A zeroed one at the end of the list; NULL: out of memory. */
struct item *item_add(struct item_list *list, const struct watch *w,
		      size_t target, size_t back);
void item_list_free(struct item_list *list);

/* The name of a symbol, process or device, safe to print; "": there is none. */
void item_name(const struct item *item, char *to, size_t bytes);
void item_key(const struct item *item, struct item_key *key);
bool item_is(const struct item *item, const struct item_key *key);
/* Cycles of the snapshot's machine in seconds. */
double item_seconds(const struct item *item, double cycles);
/* Any order that stays what it is from interval to interval. */
int item_order(const struct item *a, const struct item *b);

/* The interval to show of a target; NULL: not in scope, or there is none. */
const struct snapshot *item_snapshot(const struct watch *w, size_t target,
				     size_t back, const struct scope *scope);
bool scope_has(int wanted, int value);
/* "guest0", or its number where it has no name. */
void item_vm_name(char *to, size_t bytes, const struct snapshot *snap, int vm);

#endif
