/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which devices a VM has. Each of them knows the bus, and no other.
 */
#include "vmm-core/dev/pc/platform.h"

#include "vmm-core/cpu/wall_clock.h"
#include "vmm-core/lib/string.h"

static void devices_init(struct platform *p)
{
	pic_init(&p->pic);
	ioapic_init(&p->ioapic);
	pit_init(&p->pit);
	rtc_init(&p->rtc, wall_clock.tsc, wall_clock.ns);
	acpi_pm_init(&p->pm);
	uart_init(&p->com1);
}

int platform_init(struct platform *p,
		  void (*power)(struct bus *bus, u32 vcpu,
				enum bus_power what))
{
	int err;

	memset(p, 0, sizeof(*p));
	devices_init(p);
	isa_lines_init(&p->lines, &p->pic, &p->ioapic, &p->apics);
	bus_init(&p->bus, &p->lines.lines, power);
	err = pic_add(&p->pic, &p->bus);
	err = err ? err : ioapic_add(&p->ioapic, &p->bus, &p->apics);
	err = err ? err : lapic_page_add(&p->lapics, &p->bus, &p->apics);
	err = err ? err : pit_add(&p->pit, &p->bus);
	err = err ? err : rtc_add(&p->rtc, &p->bus);
	err = err ? err : acpi_pm_add(&p->pm, &p->bus);
	err = err ? err : uart_add(&p->com1, &p->bus);
	err = err ? err : fw_cfg_add(&p->fw_cfg, &p->bus);
	err = err ? err : test_device_add(&p->test, &p->bus);
	return err ? err : legacy_add(&p->legacy, &p->bus);
}
