/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical interrupts. A handler leaves a note and acknowledges; the work is
 * done by whoever was interrupted, when it looks at its notes.
 */
#ifndef VMM_CORE_CPU_IRQ_H
#define VMM_CORE_CPU_IRQ_H

#include "vmm-core/cpu/firmware.h"
#include "vmm-core/lib/types.h"

/* Where the interrupts of an ISA line leave a note, on the first CPU. */
struct irq_note {
	void (*leave)(void *whom);
	void *whom;
};

/* Masks every interrupt line of the machine. */
void irq_init(const struct firmware *fw);
/* Lets the interrupts of an ISA line in. -ENODEV: no I/O APIC has it. */
int irq_isa_open(const struct firmware *fw, unsigned int line,
		 struct irq_note note);
void irq_handle(u8 vector);

#endif
