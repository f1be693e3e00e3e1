/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine's physical memory, as all that read a running machine take it:
 * the mapping and the place of the anchor.
 *
 * Every physical address is its own offset in the mapping. The view does not
 * own it; whoever maps the RAM gives out the view and says how long both are
 * valid. A view is constant and the functions here keep no state, so any
 * number of threads may share one.
 *
 * The machine writes its RAM meanwhile and is hostile: two reads of a field
 * may give two values, and none is checked. A reader copies a field once,
 * checks the copy and uses only that.
 */
#ifndef TRACER_VIEW_MACHINE_VIEW_H
#define TRACER_VIEW_MACHINE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm-core/abi/anchor.h"

struct machine_view {
	const void *ram;
	uint64_t bytes;		/* of the mapping */
	uint64_t anchor;	/* its physical address, unchecked */
};

/* Returns where the mapping shows hpa; NULL unless it shows all the bytes. */
const void *view_bytes(const struct machine_view *view, uint64_t hpa,
		       uint64_t bytes);
/*
 * Returns the anchor as the machine writes it; NULL where the mapping ends
 * before it. Nothing in it is checked, the magic number neither.
 */
const struct anchor *view_anchor(const struct machine_view *view);
/*
 * Copies the anchor. False unless a complete one of this ABI stands there, on
 * a page of its own, and counts no more CPUs and VMs than an anchor can have;
 * addresses and the VMs in it are unchecked.
 */
bool view_anchor_copy(const struct machine_view *view, struct anchor *copy);
/*
 * Returns what the machine publishes of a vCPU, by its index in the table of
 * all VMs' vCPUs; NULL for an index beyond ANCHOR_VCPUS_MAX, or where the
 * mapping ends before it or before the anchor.
 */
const struct anchor_vcpu *view_vcpu(const struct machine_view *view,
				    unsigned int index);

/* Finds the anchor of a mapping page by page; UINT64_MAX: there is none. */
uint64_t view_find_anchor(const void *ram, uint64_t bytes);

#endif
