/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtio device, whatever it is for: its first queue set up, empty, so that
 * it can be notified of nothing.
 */
#ifndef GUESTS_EXIT_BENCH_VIRTIO_H
#define GUESTS_EXIT_BENCH_VIRTIO_H

#include "vmm-core/lib/types.h"

/* The register that a driver writes to. */
struct virtio_notify_register {
	u64 address;		/* 0: none */
	bool wide;		/* 32 bits, as over MMIO; else 16 */
};

extern struct virtio_notify_register virtio_register;

/* NULL: virtio_notify() may be called; else why not. */
const char *virtio_start(void);

static inline void virtio_notify(void)
{
	if (virtio_register.wide)
		*(volatile u32 *)virtio_register.address = 0;
	else
		*(volatile u16 *)virtio_register.address = 0;
}

#endif
