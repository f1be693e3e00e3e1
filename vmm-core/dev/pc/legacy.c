/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Legacy ports without a device behind them.
 */
#include "vmm-core/dev/pc/legacy.h"

#define KEYBOARD_DATA	0x60
#define KEYBOARD_STATUS	0x64
#define KEYBOARD_RESET	0xfe	/* pulses the reset line */

#define PCI_CONFIG	0xcf8
#define PCI_CONFIG_LAST	0xcff
#define RESET_CPU	0x04	/* in ACPI_RESET_PORT */

#define POST_PORT	0x80

static u64 nothing_read(struct device *dev, struct bus_access at)
{
	(void)dev;
	(void)at;
	return ~0ull;
}

static void nothing_write(struct device *dev, struct bus_access at, u64 value)
{
	(void)dev;
	(void)at;
	(void)value;
}

/* Its buffers are empty: one may write a command. */
static u64 keyboard_read(struct device *dev, struct bus_access at)
{
	(void)dev;
	return at.address == KEYBOARD_STATUS ? 0 : ~0ull;
}

static void keyboard_write(struct device *dev, struct bus_access at, u64 value)
{
	if (at.address == KEYBOARD_STATUS && (u8)value == KEYBOARD_RESET)
		dev->bus->power(dev->bus, at.vcpu, BUS_POWER_RESET);
}

/* Nothing answers on PCI. A wider write there means the address register,
 * not the reset register that lies in it. */
static void pci_write(struct device *dev, struct bus_access at, u64 value)
{
	if (at.address == ACPI_RESET_PORT && at.bytes == 1 && value & RESET_CPU)
		dev->bus->power(dev->bus, at.vcpu, BUS_POWER_RESET);
}

static const struct device_model keyboard_model = {
	.name = "keyboard",
	.range = {
		{ BUS_PORT, 1, KEYBOARD_DATA, KEYBOARD_DATA },
		{ BUS_PORT, 1, KEYBOARD_STATUS, KEYBOARD_STATUS },
	},
	.read = keyboard_read,
	.write = keyboard_write,
};

static const struct device_model pci_model = {
	.name = "pci-config",
	.range = { { BUS_PORT, 4, PCI_CONFIG, PCI_CONFIG_LAST } },
	.read = nothing_read,
	.write = pci_write,
};

static const struct device_model post_model = {
	.name = "post",
	.range = { { BUS_PORT, 1, POST_PORT, POST_PORT } },
	.read = nothing_read,
	.write = nothing_write,
};

int legacy_add(struct legacy *legacy, struct bus *bus)
{
	int err = bus_add(bus, &legacy->keyboard, &keyboard_model);

	if (!err)
		err = bus_add(bus, &legacy->pci_config, &pci_model);
	if (!err)
		err = bus_add(bus, &legacy->post, &post_model);
	return err;
}
