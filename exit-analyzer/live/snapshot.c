/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all intervals share, and the end of one that nobody looks at any more.
 */
#include "exit-analyzer/live/snapshot.h"

#include <stdio.h>
#include <stdlib.h>

const uint64_t snapshot_bound_ns[SNAPSHOT_BOUNDS] = {
	100, 200, 500,
	1000, 2000, 5000,
	10000, 20000, 50000,
	100000, 200000, 500000,
	1000000, 2000000, 5000000,
	10000000, 20000000, 50000000,
	100000000, 200000000, 500000000,
	1000000000,
};

const char SNAPSHOT_OTHERS[] = "[others]";

void snapshot_free(struct snapshot *snap)
{
	if (!snap)
		return;
	free(snap->exit);
	free(snap->vcpu);
	free(snap->symbol);
	free(snap->process);
	free(snap->tlb);
	free(snap->hypercall);
	free(snap->device);
	free(snap);
}

void device_place_print(const struct device_place *place, char *to,
			size_t bytes)
{
	unsigned long long address = place->address;

	switch (place->kind) {
	case DEVICE_PLACE_DEVICE:
		snprintf(to, bytes, "%s", device_name(place->device));
		break;
	case DEVICE_PLACE_PORT:
		snprintf(to, bytes, "port 0x%llx", address);
		break;
	case DEVICE_PLACE_PAGE:
		snprintf(to, bytes, "page 0x%llx", address);
		break;
	case DEVICE_PLACE_OTHERS:
		snprintf(to, bytes, "[others]");
		break;
	}
}
