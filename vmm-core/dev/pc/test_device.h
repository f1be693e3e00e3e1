/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The port by which test kernels end, and tell how: QEMU's isa-debug-exit.
 */
#ifndef VMM_CORE_DEV_PC_TEST_DEVICE_H
#define VMM_CORE_DEV_PC_TEST_DEVICE_H

#include "vmm-core/dev/bus.h"

#define TEST_DEVICE_PORT	0xf4

struct test_device {
	struct device dev;
	u32 exit_status;	/* value << 1 | 1; 0: nothing was written */
};

int test_device_add(struct test_device *t, struct bus *bus);

#endif
