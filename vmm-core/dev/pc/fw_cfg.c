/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Items by number, read byte by byte; behind an item's end, and of an unknown
 * one, there are zeroes.
 */
#include "vmm-core/dev/pc/fw_cfg.h"

enum fw_cfg_item {
	FW_CFG_SIGNATURE = 0x00,
	FW_CFG_ID = 0x01,
	FW_CFG_RAM_SIZE = 0x03,
	FW_CFG_NB_CPUS = 0x05,
	FW_CFG_MAX_CPUS = 0x0f,
};

#define SIGNATURE	0x554d4551ull	/* "QEMU" */
#define ID_TRADITIONAL	1ull		/* by ports, without DMA */

/* Bit 15 says that the item is of this architecture. */
#define ITEM		0x3fff

void fw_cfg_tell(struct fw_cfg *f, u64 ram_bytes, u16 count)
{
	f->ram_bytes = ram_bytes;
	f->cpus = count;
}

static u64 item_value(const struct fw_cfg *f)
{
	switch (f->item & ITEM) {
	case FW_CFG_SIGNATURE:	return SIGNATURE;
	case FW_CFG_ID:		return ID_TRADITIONAL;
	case FW_CFG_RAM_SIZE:	return f->ram_bytes;
	case FW_CFG_NB_CPUS:
	case FW_CFG_MAX_CPUS:	return f->cpus;
	}
	return 0;
}

static u64 fw_cfg_read(struct device *dev, struct bus_access at)
{
	struct fw_cfg *f = (struct fw_cfg *)dev;

	if (at.address != FW_CFG_DATA || f->at >= sizeof(u64))
		return 0;
	return (u8)(item_value(f) >> 8 * f->at++);
}

static void fw_cfg_write(struct device *dev, struct bus_access at, u64 value)
{
	struct fw_cfg *f = (struct fw_cfg *)dev;

	if (at.address != FW_CFG_SELECTOR)
		return;
	f->item = (u16)value;
	f->at = 0;
}

static const struct device_model fw_cfg_model = {
	.name = "fw-cfg",
	.range = { { BUS_PORT, 2, FW_CFG_SELECTOR, FW_CFG_DATA } },
	.read = fw_cfg_read,
	.write = fw_cfg_write,
};

int fw_cfg_add(struct fw_cfg *f, struct bus *bus)
{
	return bus_add(bus, &f->dev, &fw_cfg_model);
}
