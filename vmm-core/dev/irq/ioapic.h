/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IOAPIC (82093AA): 24 inputs, each with a redirection entry that makes
 * an interrupt message of it.
 */
#ifndef VMM_CORE_DEV_IRQ_IOAPIC_H
#define VMM_CORE_DEV_IRQ_IOAPIC_H

#include "vmm-core/lib/types.h"

struct vm;

#define IOAPIC_GPA	0xfec00000ull
#define IOAPIC_PINS	24

struct ioapic {
	u64 entry[IOAPIC_PINS];
	u32 lines;		/* inputs that are asserted */
	u8 select, id;
};

void ioapic_init(struct ioapic *ioapic);
void ioapic_set_line(struct vm *vm, unsigned int pin, bool level);
/* A local APIC ended this level-triggered vector. */
void ioapic_eoi(struct vm *vm, u8 vector);
/* An edge on this input would make a message. */
bool ioapic_listens(const struct ioapic *ioapic, unsigned int pin);
/* Some input would send an NMI or INIT, which a CPU hears whatever its IF. */
bool ioapic_wakes_all(const struct ioapic *ioapic);

/* The page at IOAPIC_GPA. */
u32 ioapic_read(const struct ioapic *ioapic, u32 offset);
void ioapic_write(struct vm *vm, u32 offset, u32 value);

#endif
