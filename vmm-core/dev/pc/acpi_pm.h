/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI fixed hardware: PM1a event and control registers and the PM
 * timer, at the ports that the FADT names. Always in ACPI mode.
 */
#ifndef VMM_CORE_DEV_PC_ACPI_PM_H
#define VMM_CORE_DEV_PC_ACPI_PM_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/lib/types.h"

#define ACPI_PM_PORT		0x600
#define ACPI_PM1_EVENT		(ACPI_PM_PORT + 0)	/* 4 bytes */
#define ACPI_PM1_CONTROL	(ACPI_PM_PORT + 4)	/* 2 bytes */
#define ACPI_PM_TIMER		(ACPI_PM_PORT + 8)	/* 4 bytes */
#define ACPI_PM_LAST		(ACPI_PM_PORT + 15)
#define ACPI_PM_TIMER_HZ	3579545ull
/* SLP_TYP of \_S5 in the DSDT */
#define ACPI_SLEEP_TYPE_S5	5

struct acpi_pm {
	struct device dev;
	u16 status, enable, control;
	u64 seen_ticks;		/* timer overflows until then are in status */
};

void acpi_pm_init(struct acpi_pm *pm);
/* Puts it on the bus, as the following asks it to act. */
int acpi_pm_add(struct acpi_pm *pm, struct bus *bus);

/* bytes: 1, 2, 4 from a port of the block. */
u32 acpi_pm_read(struct acpi_pm *pm, u16 port, u8 bytes, u64 now);
/* true: the guest has just switched itself off. */
bool acpi_pm_write(struct acpi_pm *pm, u16 port, u8 bytes, u32 value, u64 now);

/* When the PM timer's interrupt is due after acpi_pm_sync(), ~0 for never. */
u64 acpi_pm_next(const struct acpi_pm *pm);
void acpi_pm_sync(struct acpi_pm *pm, u64 now);
/* The level of the SCI. */
bool acpi_pm_irq(const struct acpi_pm *pm);

#endif
