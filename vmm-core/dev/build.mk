# SPDX-License-Identifier: BSD-2-Clause
core-y += vmm-core/dev/acpi_pm.o
core-y += vmm-core/dev/pit.o
core-y += vmm-core/dev/platform.o
core-y += vmm-core/dev/rtc.o
core-y += vmm-core/dev/rtc_time.o
core-y += vmm-core/dev/uart.o
