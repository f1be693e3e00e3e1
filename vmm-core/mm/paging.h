/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's own page table: everything one to one, in the largest pages
 * the CPU has. boot/start.S maps the first 4 GiB, this room the rest.
 */
#ifndef VMM_CORE_MM_PAGING_H
#define VMM_CORE_MM_PAGING_H

#include "vmm-core/lib/types.h"

/* what start.S has mapped before any C runs */
#define PAGING_EARLY_END (4ull << 30)

/*
 * Maps the RAM [start, end), widened to whole GiB. Table pages come from
 * the pool, whose memory must be mapped already. -ENOMEM: it is empty.
 */
int paging_map(u64 start, u64 end);
/* Makes the large page around a device's registers uncached (first 4 GiB). */
void paging_set_uncached(u64 hpa);
/* Takes page 0 away, so that following a NULL pointer is caught. */
int paging_guard_null(void);

#endif
