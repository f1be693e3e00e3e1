/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One register: a write is the end of the VM.
 */
#include "vmm-core/dev/pc/test_device.h"

static u64 test_read(struct device *dev, struct bus_access at)
{
	(void)dev;
	(void)at;
	return 0;
}

static void test_write(struct device *dev, struct bus_access at, u64 value)
{
	struct test_device *t = (struct test_device *)dev;

	t->exit_status = (u32)(value & ((1ull << 8 * at.bytes) - 1)) << 1 | 1;
	dev->bus->power(dev->bus, at.vcpu, BUS_POWER_OFF);
}

static const struct device_model test_model = {
	.name = "test-exit",
	.range = { { BUS_PORT, 4, TEST_DEVICE_PORT, TEST_DEVICE_PORT + 3 } },
	.read = test_read,
	.write = test_write,
};

int test_device_add(struct test_device *t, struct bus *bus)
{
	return bus_add(bus, &t->dev, &test_model);
}
