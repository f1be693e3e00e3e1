/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC's registers, as the guest reaches them.
 */
#ifndef VMM_CORE_DEV_IRQ_LAPIC_REGS_H
#define VMM_CORE_DEV_IRQ_LAPIC_REGS_H

#include "vmm-core/dev/bus.h"
#include "vmm-core/dev/irq/lapic.h"

/* false: #GP. The base, the TSC deadline, and the x2APIC's registers. */
bool lapic_msr_read(struct lapic *apic, u32 index, u64 *value);
bool lapic_msr_write(struct lapic *apic, u32 index, u64 value);
/* The xAPIC page; offset below 4096. */
u32 lapic_mmio_read(struct lapic *apic, u32 offset);
void lapic_mmio_write(struct lapic *apic, u32 offset, u32 value);

/* The page of all local APICs: each vCPU finds its own there. */
struct lapic_page {
	struct device dev;
	const struct apic_bus *apics;
};

int lapic_page_add(struct lapic_page *page, struct bus *bus,
		   const struct apic_bus *apics);

#endif
