/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ISA interrupt lines of a PC: each leads to the PIC and to the IOAPIC.
 */
#ifndef VMM_CORE_DEV_IRQ_ISA_LINES_H
#define VMM_CORE_DEV_IRQ_ISA_LINES_H

#include "vmm-core/dev/bus.h"

struct apic_bus;
struct ioapic;
struct pic;

struct isa_lines {
	struct irq_lines lines;
	struct pic *pic;
	struct ioapic *ioapic;
	struct apic_bus *apics;	/* where the PIC's INTR leads */
};

/* What Linux is told of, and the tables in guest/acpi.c agree with. */
#define IRQ_PIT		0
#define IRQ_COM1	4
#define IRQ_RTC		8
#define IRQ_SCI		9

void isa_lines_init(struct isa_lines *isa, struct pic *pic,
		    struct ioapic *ioapic, struct apic_bus *apics);

#endif
