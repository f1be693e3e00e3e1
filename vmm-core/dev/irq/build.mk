# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/dev/irq/apic_bus.o
core-y += vmm-core/dev/irq/ioapic.o
core-y += vmm-core/dev/irq/isa_lines.o
core-y += vmm-core/dev/irq/lapic.o
core-y += vmm-core/dev/irq/lapic_regs.o
core-y += vmm-core/dev/irq/lapic_timer.o
core-y += vmm-core/dev/irq/pic.o
