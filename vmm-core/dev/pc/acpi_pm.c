/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ACPI fixed hardware, see "ACPI Register Model" in the ACPI specification.
 * No buttons: power and sleep buttons are not promised by the FADT.
 */
#include "vmm-core/dev/pc/acpi_pm.h"

#include "vmm-core/dev/clock.h"
#include "vmm-core/dev/irq/isa_lines.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86.h"

/* PM1 status and enable */
#define PM1_TMR		0x0001
#define PM1_GBL		0x0020
#define PM1_RTC		0x0400
#define PM1_WAK		0x8000
#define PM1_STATUS	(PM1_TMR | PM1_GBL | PM1_RTC | PM1_WAK)
#define PM1_ENABLE	(PM1_TMR | PM1_GBL | PM1_RTC)

/* PM1 control */
#define PM1_SCI_EN	0x0001
#define PM1_SLP_TYP(v)	((v) >> 10 & 7)
#define PM1_SLP_EN	0x2000
#define PM1_WRITABLE	0x1c02

/* the status bit follows the top bit of the timer */
#define TIMER_HALF	(1ull << 31)

void acpi_pm_init(struct acpi_pm *pm)
{
	memset(pm, 0, sizeof(*pm));
	pm->control = PM1_SCI_EN;
}

static u64 timer_ticks(u64 now)
{
	return tsc_to_ticks(now, ACPI_PM_TIMER_HZ);
}

void acpi_pm_sync(struct acpi_pm *pm, u64 now)
{
	u64 ticks = timer_ticks(now);

	if (ticks / TIMER_HALF != pm->seen_ticks / TIMER_HALF)
		pm->status |= PM1_TMR;
	pm->seen_ticks = ticks;
}

bool acpi_pm_irq(const struct acpi_pm *pm)
{
	return pm->status & pm->enable & PM1_ENABLE;
}

u64 acpi_pm_next(const struct acpi_pm *pm)
{
	if (!(pm->enable & ~pm->status & PM1_TMR))
		return TSC_NEVER;
	return ticks_to_tsc((pm->seen_ticks / TIMER_HALF + 1) * TIMER_HALF,
			    ACPI_PM_TIMER_HZ);
}

/* The aligned doubleword that holds a port. */
static u32 pm_register_read(struct acpi_pm *pm, u16 port, u64 now)
{
	/* the one that is read without end */
	if (likely((port & ~3) == ACPI_PM_TIMER))
		return (u32)timer_ticks(now);
	switch (port & ~3) {
	case ACPI_PM1_EVENT:
		acpi_pm_sync(pm, now);
		return pm->status | (u32)pm->enable << 16;
	case ACPI_PM1_CONTROL:
		return pm->control;
	}
	return 0;
}

static u32 byte_mask(u8 bytes)
{
	return bytes >= 4 ? ~0u : (1u << bytes * 8) - 1;
}

u32 acpi_pm_read(struct acpi_pm *pm, u16 port, u8 bytes, u64 now)
{
	return pm_register_read(pm, port, now) >> (port & 3) * 8 &
	       byte_mask(bytes);
}

static void pm_write_event(struct acpi_pm *pm, u32 value, u32 mask, u64 now)
{
	u16 enable_mask = (u16)(mask >> 16);

	acpi_pm_sync(pm, now);
	/* a status bit is cleared by writing one */
	pm->status &= ~(u16)(value & mask & PM1_STATUS);
	pm->enable = (pm->enable & ~enable_mask) |
		     (value >> 16 & enable_mask & PM1_ENABLE);
}

static bool pm_write_control(struct acpi_pm *pm, u32 value, u32 mask)
{
	u16 writable = mask & PM1_WRITABLE;

	pm->control = (u16)((pm->control & ~writable) | (value & writable));
	return value & mask & PM1_SLP_EN &&
	       PM1_SLP_TYP(pm->control) == ACPI_SLEEP_TYPE_S5;
}

bool acpi_pm_write(struct acpi_pm *pm, u16 port, u8 bytes, u32 value, u64 now)
{
	unsigned int shift = (port & 3) * 8;
	u32 mask = byte_mask(bytes) << shift;

	switch (port & ~3) {
	case ACPI_PM1_EVENT:
		pm_write_event(pm, value << shift, mask, now);
		break;
	case ACPI_PM1_CONTROL:
		return pm_write_control(pm, value << shift, mask);
	}
	return false;
}

/* The line and the next tick follow from the registers. */
static void pm_update(struct acpi_pm *pm)
{
	device_line(&pm->dev, acpi_pm_irq(pm));
	device_due(&pm->dev, acpi_pm_next(pm));
}

static u64 pm_port_read(struct device *dev, struct bus_access at)
{
	return acpi_pm_read((struct acpi_pm *)dev, (u16)at.address, (u8)at.bytes,
			    rdtsc());
}

static void pm_port_write(struct device *dev, struct bus_access at, u64 value)
{
	struct acpi_pm *pm = (struct acpi_pm *)dev;

	if (acpi_pm_write(pm, (u16)at.address, (u8)at.bytes, (u32)value,
			  rdtsc()))
		dev->bus->power(dev->bus, at.vcpu, BUS_POWER_OFF);
	pm_update(pm);
}

static void pm_tick(struct device *dev, u64 now)
{
	struct acpi_pm *pm = (struct acpi_pm *)dev;

	acpi_pm_sync(pm, now);
	pm_update(pm);
}

static const struct device_model acpi_pm_model = {
	.name = "acpi-pm",
	.line = IRQ_SCI,
	.line_only = true,
	.range = { { BUS_PORT, 4, ACPI_PM_PORT, ACPI_PM_LAST } },
	.read = pm_port_read,
	.write = pm_port_write,
	.tick = pm_tick,
};

int acpi_pm_add(struct acpi_pm *pm, struct bus *bus)
{
	return bus_add(bus, &pm->dev, &acpi_pm_model);
}
