/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports that every PC has, and that do next to nothing here: the keyboard
 * controller's reset line, PCI's configuration ports with the reset register
 * between them, and the diagnostic port.
 */
#ifndef VMM_CORE_DEV_PC_LEGACY_H
#define VMM_CORE_DEV_PC_LEGACY_H

#include "vmm-core/dev/bus.h"

#define ACPI_RESET_PORT		0xcf9
#define ACPI_RESET_VALUE	0x06

struct legacy {
	struct device keyboard, pci_config, post;
};

int legacy_add(struct legacy *legacy, struct bus *bus);

#endif
