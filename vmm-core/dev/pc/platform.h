/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual platform of one VM: the list of the devices that a stock
 * kernel expects of a PC. Time is the TSC.
 */
#ifndef VMM_CORE_DEV_PC_PLATFORM_H
#define VMM_CORE_DEV_PC_PLATFORM_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/dev/irq/apic_bus.h"
#include "vmm-core/dev/irq/ioapic.h"
#include "vmm-core/dev/irq/isa_lines.h"
#include "vmm-core/dev/irq/lapic_regs.h"
#include "vmm-core/dev/irq/pic.h"
#include "vmm-core/dev/pc/acpi_pm.h"
#include "vmm-core/dev/pc/fw_cfg.h"
#include "vmm-core/dev/pc/legacy.h"
#include "vmm-core/dev/pc/pit.h"
#include "vmm-core/dev/pc/rtc.h"
#include "vmm-core/dev/pc/test_device.h"
#include "vmm-core/dev/pc/uart.h"

struct platform {
	struct pic pic;
	struct ioapic ioapic;
	struct apic_bus apics;
	struct isa_lines lines;
	struct lapic_page lapics;
	struct pit pit;
	struct rtc rtc;
	struct acpi_pm pm;
	struct uart com1;
	struct legacy legacy;
	struct fw_cfg fw_cfg;
	struct test_device test;
	struct bus bus;
};

/*
 * Makes all devices and puts them on the bus; local APICs come after that,
 * by apic_bus_add(). power says what a VM does that is switched off or reset.
 */
int platform_init(struct platform *p,
		  void (*power)(struct bus *bus, u32 vcpu,
				enum bus_power what));

#endif
