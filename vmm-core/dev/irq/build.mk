# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/dev/irq/ioapic.o
core-y += vmm-core/dev/irq/lapic.o
core-y += vmm-core/dev/irq/lapic_ipi.o
core-y += vmm-core/dev/irq/lapic_regs.o
core-y += vmm-core/dev/irq/lapic_timer.o
core-y += vmm-core/dev/irq/pic.o
