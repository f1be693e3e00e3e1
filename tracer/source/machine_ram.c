/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where in a machine's RAM file a physical address lies. The file has no
 * hole, but the machine has one below 4 GiB, for devices: RAM that does not
 * fit under it goes on at 4 GiB.
 */
#include "tracer/source/machine_ram.h"

#define FOUR_GIB	(4ull << 30)
/* QEMU's q35: from this size on, only the first 2 GiB stay below the hole */
#define Q35_SPLIT_BYTES	0xb0000000ull
#define Q35_LOW_BYTES	0x80000000ull

bool machine_ram_offset(uint64_t ram_bytes, uint64_t hpa, uint64_t bytes,
			uint64_t *offset)
{
	uint64_t low = ram_bytes < Q35_SPLIT_BYTES ? ram_bytes : Q35_LOW_BYTES;
	uint64_t high = ram_bytes - low;

	if (hpa < low && bytes <= low - hpa) {
		*offset = hpa;
		return true;
	}
	if (hpa < FOUR_GIB || hpa - FOUR_GIB >= high ||
	    bytes > high - (hpa - FOUR_GIB))
		return false;
	*offset = low + (hpa - FOUR_GIB);
	return true;
}
