/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual I/O Device (VIRTIO) Version 1.1, "Virtio Structure PCI
 * Capabilities". The firmware has placed the registers; those that a guest
 * with 4 GiB mapped cannot reach are as good as none.
 */
#include "guests/exit-bench/virtio_pci.h"

#include "vmm-core/lib/x86.h"

#define CONFIG_ADDRESS	0xcf8
#define CONFIG_DATA	0xcfc
#define CONFIG_ENABLE	BIT(31)
#define SLOTS		32

#define PCI_ID		0x00
#define PCI_COMMAND	0x04
#define PCI_BAR0	0x10
#define PCI_CAPABILITIES 0x34
#define COMMAND_MEMORY	BIT(1)
#define COMMAND_MASTER	BIT(2)
#define STATUS_CAPABILITIES BIT(20)	/* of the dword at PCI_COMMAND */
#define BAR_IO		BIT(0)
#define BAR_64		BIT(2)
#define BARS		6

#define VIRTIO_VENDOR	0x1af4
#define VIRTIO_FIRST	0x1000
#define VIRTIO_LAST	0x107f
#define CAPABILITY_VENDOR 0x09
#define CAPABILITIES_MAX 48	/* as many as fit into 192 bytes */
#define TYPE_COMMON	1
#define TYPE_NOTIFY	2

static u32 config_read(u32 slot, u32 at)
{
	outl(CONFIG_ADDRESS, CONFIG_ENABLE | slot << 11 | (at & 0xfc));
	return inl(CONFIG_DATA);
}

static void config_write(u32 slot, u32 at, u32 value)
{
	outl(CONFIG_ADDRESS, CONFIG_ENABLE | slot << 11 | (at & 0xfc));
	outl(CONFIG_DATA, value);
}

/* 0: I/O ports, nowhere, or beyond what is mapped. */
static u64 bar_address(u32 slot, u32 bar)
{
	u32 low;

	if (bar >= BARS)
		return 0;
	low = config_read(slot, PCI_BAR0 + 4 * bar);
	if (low & BAR_IO)
		return 0;
	if (low & BAR_64 && bar + 1 < BARS &&
	    config_read(slot, PCI_BAR0 + 4 * bar + 4))
		return 0;
	return low & ~0xfu;
}

static void capability_take(u32 slot, u32 at, u32 type,
			    struct virtio_pci *found)
{
	u64 base = bar_address(slot, config_read(slot, at + 4) & 0xff);
	u64 address = base ? base + config_read(slot, at + 8) : 0;

	if (address >> 32)
		return;
	if (type == TYPE_COMMON)
		found->common = address;
	if (type != TYPE_NOTIFY)
		return;
	found->notify = address;
	found->notify_multiplier = config_read(slot, at + 16);
}

static bool device_take(u32 slot, struct virtio_pci *found)
{
	u32 command = config_read(slot, PCI_COMMAND);
	u32 at = 0;

	if (command & STATUS_CAPABILITIES)
		at = config_read(slot, PCI_CAPABILITIES) & 0xfc;
	for (int i = 0; at && i < CAPABILITIES_MAX; i++) {
		u32 head = config_read(slot, at);

		if ((head & 0xff) == CAPABILITY_VENDOR)
			capability_take(slot, at, head >> 24, found);
		at = head >> 8 & 0xfc;
	}
	if (!found->common || !found->notify)
		return false;
	/* the upper half is status, of which writing ones clears */
	config_write(slot, PCI_COMMAND, (command & 0xffff) | COMMAND_MEMORY |
					COMMAND_MASTER);
	return true;
}

const char *virtio_pci_find(struct virtio_pci *found)
{
	const char *why = "no virtio device here";

	for (u32 slot = 0; slot < SLOTS; slot++) {
		u32 id = config_read(slot, PCI_ID);

		if ((id & 0xffff) != VIRTIO_VENDOR ||
		    id >> 16 < VIRTIO_FIRST || id >> 16 > VIRTIO_LAST)
			continue;
		if (device_take(slot, found))
			return NULL;
		why = "a virtio device without registers of virtio 1.0 below "
		      "4 GiB";
	}
	return why;
}
