/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Just enough of ACPI to find the PM timer and another CPU.
 */
#ifndef GUESTS_RUNTIME_ACPI_H
#define GUESTS_RUNTIME_ACPI_H

#include "vmm-core/lib/types.h"

/* I/O port of the PM timer; 0: none. */
u16 acpi_pm_timer_port(void);
/* The local APIC of the first enabled CPU that is not `self`'s. */
bool acpi_other_cpu(u32 self, u32 *apic_id);

#endif
