/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical local APIC of the CPU that runs this, in the mode firmware
 * left it in: xAPIC (memory) or x2APIC (MSRs).
 */
#ifndef VMM_CORE_CPU_APIC_H
#define VMM_CORE_CPU_APIC_H

#include "vmm-core/lib/apic_regs.h"
#include "vmm-core/lib/types.h"

/* On the first CPU, once: where the registers are. */
void apic_find(u64 hpa);
/* On every CPU: enables it with all sources masked. */
void apic_enable(void);
u32 apic_id(void);
/* The highest id that apic_send() reaches in this mode. */
u32 apic_id_max(void);
u32 apic_read(enum apic_register reg);
void apic_write(enum apic_register reg, u32 value);
/* An interrupt, or what else the mode says. */
void apic_send(u32 destination, enum apic_delivery mode, u8 vector);

#endif
