/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the first virtio device on PCI's bus 0 has its registers.
 */
#ifndef GUESTS_EXIT_BENCH_VIRTIO_PCI_H
#define GUESTS_EXIT_BENCH_VIRTIO_PCI_H

#include "vmm-core/lib/types.h"

struct virtio_pci {
	u64 common;		/* the common configuration; 0: not found */
	u64 notify;		/* of a queue with offset 0 */
	u32 notify_multiplier;
};

/* NULL: found, and it answers; else why not. */
const char *virtio_pci_find(struct virtio_pci *found);

#endif
