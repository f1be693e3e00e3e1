/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What guests do with devices: exits for a port, for a page that is no memory
 * and for a register of the local APIC, by device. Exits that are no I/O cost
 * one comparison.
 */
#ifndef VMTOP_DEVICES_H
#define VMTOP_DEVICES_H

#include <stdbool.h>

#include "vmm-core/abi/event.h"
#include "vmm-core/abi/trace_file.h"
#include "vmtop/snapshot.h"

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

/* Is it worth devices_add()? */
static inline bool devices_want(const struct event_vmexit *exit)
{
	return (unsigned int)exit->reason - EXIT_IO <=
			EXIT_MSR_WRITE - EXIT_IO ||
		exit->reason == EXIT_NPF;
}

_Static_assert(EXIT_MSR_READ == EXIT_IO + 1 &&
	       EXIT_MSR_WRITE == EXIT_IO + 2, "they are one range above");

#endif
