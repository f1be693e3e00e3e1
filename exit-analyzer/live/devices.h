/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What guests do with devices: exits for a port, for a page that is no memory
 * and for a register of the local APIC, by device.
 */
#ifndef EXIT_ANALYZER_LIVE_DEVICES_H
#define EXIT_ANALYZER_LIVE_DEVICES_H

#include <stdbool.h>

#include "vmm-core/abi/event.h"
#include "vmm-core/abi/trace_file.h"
#include "exit-analyzer/live/snapshot.h"

/* Addresses where no device is, of all VMs; more share one row. */
#define DEVICES_ADDRESSES 64

struct device_use;

struct devices {
	const struct trace_machine *machine;
	struct device_use *use;
	size_t addresses;	/* rows behind those of devices */
};

/* 0 or -ENOMEM. The machine is borrowed. */
int devices_init(struct devices *d, const struct trace_machine *machine);
void devices_exit(struct devices *d);
/* 0 or a negative errno; vm: below ANCHOR_VMS_MAX, or SNAPSHOT_NO_VM. */
int devices_add(struct devices *d, unsigned int vm,
		const struct event_vmexit *exit);
/* The interval's rows; the next one begins. 0 or a negative errno. */
int devices_cut(struct devices *d, struct snapshot *snap);
/* Totals begin at 0 again. */
void devices_reset(struct devices *d);

/* Are exits for that reason worth devices_add()? */
bool devices_want(unsigned int reason);

#endif
