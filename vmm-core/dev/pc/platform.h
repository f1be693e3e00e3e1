/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual platform of one VM: the devices a stock kernel expects of a
 * PC, and the ports and pages that lead to them. Time is the TSC.
 *
 * There are no locks: a VM has one vCPU, and the CPU that runs it is the
 * only one to call in here.
 */
#ifndef VMM_CORE_DEV_PC_PLATFORM_H
#define VMM_CORE_DEV_PC_PLATFORM_H

#include "vmm-core/dev/pc/acpi_pm.h"
#include "vmm-core/dev/irq/ioapic.h"
#include "vmm-core/dev/irq/pic.h"
#include "vmm-core/dev/pc/pit.h"
#include "vmm-core/dev/pc/rtc.h"
#include "vmm-core/dev/pc/uart.h"
#include "vmm-core/lib/types.h"

struct vcpu;
struct vm;

struct platform {
	struct pic pic;
	struct ioapic ioapic;
	struct pit pit;
	struct rtc rtc;
	struct acpi_pm pm;
	struct uart com1;
	u64 next_tsc;		/* of the device that needs time next; ~0 */
	u64 console_tsc;	/* when to look for console input; ~0: no need */
};

/* What Linux is told of and the tables in guest/acpi agree with. */
#define IRQ_PIT		0
#define IRQ_COM1	4
#define IRQ_RTC		8
#define IRQ_SCI		9

void platform_init(struct vm *vm);
/* Ports that nobody owns read as all ones and swallow writes. bytes: 1, 2, 4 */
u32 platform_in(struct vcpu *vcpu, u16 port, u8 bytes);
void platform_out(struct vcpu *vcpu, u16 port, u8 bytes, u32 value);
/* false: no device there. bytes: 1, 2, 4, 8 */
bool platform_mmio_read(struct vcpu *vcpu, u64 gpa, u8 bytes, u64 *value);
bool platform_mmio_write(struct vcpu *vcpu, u64 gpa, u8 bytes, u64 value);
/* Fires what is due at now and sets next_tsc. */
void platform_tick(struct vm *vm, u64 now);
/* An ISA interrupt line; goes to PIC and IOAPIC. */
void platform_irq(struct vm *vm, unsigned int irq, bool level);
/* Notes that the physical console has input for the guest's COM1; the vCPU
 * that was interrupted finds the tick due. */
void platform_console_note(void *platform);

#endif
