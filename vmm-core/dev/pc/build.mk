# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/dev/pc/acpi_pm.o
core-y += vmm-core/dev/pc/legacy.o
core-y += vmm-core/dev/pc/pit.o
core-y += vmm-core/dev/pc/platform.o
core-y += vmm-core/dev/pc/rtc.o
core-y += vmm-core/dev/pc/rtc_time.o
core-y += vmm-core/dev/pc/uart.o
