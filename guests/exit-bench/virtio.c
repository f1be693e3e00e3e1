/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtio 1.0 device, set up as far as its first queue: over MMIO where the
 * command line says so as Linux's virtio_mmio.device= does, else on PCI. The
 * steps are the same (VIRTIO 1.1, "Driver Requirements: Device
 * Initialization"), the registers are not.
 */
#include "guests/exit-bench/virtio.h"

#include "guests/runtime/loader.h"
#include "guests/exit-bench/virtio_pci.h"

#define STATUS_ACKNOWLEDGE	1
#define STATUS_DRIVER		2
#define STATUS_DRIVER_OK	4
#define STATUS_FEATURES_OK	8
#define FEATURE_HIGH_VERSION_1	BIT(0)	/* bit 32 */
#define QUEUE_ENTRIES		8

struct reg {
	u16 at, bytes;
};

struct layout {
	struct reg status, driver_select, driver_features;
	struct reg queue_select, queue_size_max, queue_size, queue_enable;
	/* descriptors, driver's and device's ring: 64 bits each */
	u16 rings, ring_stride;
};

static const struct layout pci_common = {
	.driver_select = { 0x08, 4 }, .driver_features = { 0x0c, 4 },
	.status = { 0x14, 1 }, .queue_select = { 0x16, 2 },
	.queue_size_max = { 0x18, 2 }, .queue_size = { 0x18, 2 },
	.queue_enable = { 0x1c, 2 }, .rings = 0x20, .ring_stride = 8,
};
#define PCI_QUEUE_NOTIFY	0x1e

static const struct layout mmio = {
	.driver_features = { 0x20, 4 }, .driver_select = { 0x24, 4 },
	.queue_select = { 0x30, 4 }, .queue_size_max = { 0x34, 4 },
	.queue_size = { 0x38, 4 }, .queue_enable = { 0x44, 4 },
	.status = { 0x70, 4 }, .rings = 0x80, .ring_stride = 16,
};
#define MMIO_MAGIC		0x00
#define MMIO_VERSION		0x04
#define MMIO_DEVICE		0x08
#define MMIO_QUEUE_NOTIFY	0x50
#define MAGIC			0x74726976	/* "virt" */

struct virtio_notify_register virtio_register;

static __attribute__((aligned(4096))) u8 ring[3][4096];

static u32 get(u64 base, struct reg r)
{
	if (r.bytes == 1)
		return *(volatile u8 *)(base + r.at);
	if (r.bytes == 2)
		return *(volatile u16 *)(base + r.at);
	return *(volatile u32 *)(base + r.at);
}

static void set(u64 base, struct reg r, u32 value)
{
	if (r.bytes == 1)
		*(volatile u8 *)(base + r.at) = (u8)value;
	else if (r.bytes == 2)
		*(volatile u16 *)(base + r.at) = (u16)value;
	else
		*(volatile u32 *)(base + r.at) = value;
}

static u32 get32(u64 base, u16 at)
{
	return get(base, (struct reg){ at, 4 });
}

static void rings_set(u64 base, const struct layout *l)
{
	for (u16 i = 0; i < 3; i++) {
		struct reg low = { (u16)(l->rings + i * l->ring_stride), 4 };
		struct reg high = { (u16)(low.at + 4), 4 };

		set(base, low, (u32)(u64)ring[i]);
		set(base, high, 0);
	}
}

static const char *device_start(u64 base, const struct layout *l)
{
	u32 status = STATUS_ACKNOWLEDGE | STATUS_DRIVER;

	set(base, l->status, 0);
	set(base, l->status, status);
	set(base, l->driver_select, 0);
	set(base, l->driver_features, 0);
	set(base, l->driver_select, 1);
	set(base, l->driver_features, FEATURE_HIGH_VERSION_1);
	status |= STATUS_FEATURES_OK;
	set(base, l->status, status);
	if (!(get(base, l->status) & STATUS_FEATURES_OK))
		return "the virtio device wants more than virtio 1.0";
	set(base, l->queue_select, 0);
	if (get(base, l->queue_size_max) < QUEUE_ENTRIES)
		return "the virtio device has no queue";
	set(base, l->queue_size, QUEUE_ENTRIES);
	rings_set(base, l);
	set(base, l->queue_enable, 1);
	set(base, l->status, status | STATUS_DRIVER_OK);
	return NULL;
}

static const char *pci_start(void)
{
	struct virtio_pci found = { 0 };
	const char *why = virtio_pci_find(&found);

	if (!why)
		why = device_start(found.common, &pci_common);
	if (why)
		return why;
	virtio_register.address = found.notify + (u64)found.notify_multiplier *
		get(found.common, (struct reg){ PCI_QUEUE_NOTIFY, 2 });
	return NULL;
}

static const char *mmio_start(u64 base)
{
	const char *why;

	if (get32(base, MMIO_MAGIC) != MAGIC || !get32(base, MMIO_DEVICE))
		return "no virtio device where the command line says";
	if (get32(base, MMIO_VERSION) != 2)
		return "the virtio device is older than virtio 1.0";
	why = device_start(base, &mmio);
	virtio_register.address = base + MMIO_QUEUE_NOTIFY;
	virtio_register.wide = true;
	return why;
}

/* The address of the first virtio_mmio.device=SIZE@0xADDRESS:IRQ; 0: none, or
 * it is beyond what is mapped. */
static u64 mmio_address(void)
{
	const char *at = loader_option("virtio_mmio.device");
	u64 address = 0;

	while (at && *at && *at != ' ' && *at != '@')
		at++;
	if (!at || at[0] != '@' || at[1] != '0' || at[2] != 'x')
		return 0;
	for (at += 3; !(address >> 32); at++) {
		if (*at >= '0' && *at <= '9')
			address = address << 4 | (u64)(*at - '0');
		else if (*at >= 'a' && *at <= 'f')
			address = address << 4 | (u64)(*at - 'a' + 10);
		else
			return address;
	}
	return 0;
}

const char *virtio_start(void)
{
	u64 at = mmio_address();

	return at ? mmio_start(at) : pci_start();
}
