/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits for devices, by VM and device: for a port, for a page that is not RAM
 * and for a register of the local APIC.
 */
#ifndef EXIT_ANALYZER_LIVE_DEVICE_ROWS_H
#define EXIT_ANALYZER_LIVE_DEVICE_ROWS_H

#include <stdbool.h>

#include "exit-analyzer/live/snapshot.h"
#include "exit-analyzer/stats/group.h"
#include "vmm-core/abi/event.h"

/* Addresses where no device is, of all VMs; more share one row. */
#define DEVICE_ROWS_ADDRESSES 64

struct device_rows {
	struct key_context *context;
	struct group group;
	size_t addresses;	/* of the rows */
};

/* 0 or -ENOMEM. The context is borrowed. */
int device_rows_init(struct device_rows *d, struct key_context *context);
void device_rows_exit(struct device_rows *d);
/* Whether exits for that reason are worth device_rows_add(). */
bool device_rows_want(unsigned int reason);
/* 0 or a negative errno; vm: below ANCHOR_VMS_MAX, or SNAPSHOT_NO_VM. */
int device_rows_add(struct device_rows *d, unsigned int vm,
		    const struct event_vmexit *exit);
/* The interval's rows; the next one begins. 0 or a negative errno. */
int device_rows_collect(struct device_rows *d, struct snapshot *snap);
/* Totals begin at 0 again. */
void device_rows_reset(struct device_rows *d);

#endif
