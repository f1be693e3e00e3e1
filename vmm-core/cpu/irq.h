/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical interrupts: their vectors, and what each does. A handler leaves
 * a note and acknowledges; the work is done by whoever was interrupted.
 */
#ifndef VMM_CORE_CPU_IRQ_H
#define VMM_CORE_CPU_IRQ_H

#include "vmm-core/lib/types.h"
#include "vmm-core/cpu/firmware.h"

/* the masked legacy controllers' spurious interrupts: 0x20 to 0x2f */
#define VECTOR_PIC		0x20
#define VECTOR_PIC_LAST		0x2f
#define VECTOR_CONSOLE		0x34
#define VECTOR_TIMER		0xf0
#define VECTOR_KICK		0xf1
#define VECTOR_SPURIOUS		0xff

struct vm;

/* Masks every interrupt line of the machine. */
void irq_init(const struct firmware *fw);
/* Input on the guest's physical console goes to this VM from now on. */
void irq_route_console(const struct firmware *fw, struct vm *vm);
void irq_handle(u8 vector);

#endif
