/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical local APIC of the CPU that runs this, in the mode firmware
 * left it in: xAPIC (memory) or x2APIC (MSRs).
 */
#ifndef VMM_CORE_CPU_APIC_H
#define VMM_CORE_CPU_APIC_H

#include "vmm-core/lib/types.h"

/* Registers by their xAPIC offset; x2APIC has them at MSR 0x800 + offset/16 */
#define APIC_ID			0x20
#define APIC_EOI		0xb0
#define APIC_SPURIOUS		0xf0
#define APIC_ICR_LOW		0x300
#define APIC_ICR_HIGH		0x310
#define APIC_LVT_TIMER		0x320
#define APIC_LVT_LINT0		0x350
#define APIC_LVT_LINT1		0x360
#define APIC_LVT_ERROR		0x370
#define APIC_TIMER_INITIAL	0x380
#define APIC_TIMER_CURRENT	0x390
#define APIC_TIMER_DIVIDE	0x3e0

#define APIC_LVT_MASKED		BIT(16)
#define APIC_LVT_TSC_DEADLINE	BIT(18)

/* ICR */
#define APIC_ICR_FIXED		0x4000	/* with level assert, as all of these */
#define APIC_ICR_NMI		0x4400
#define APIC_ICR_INIT		0x4500
#define APIC_ICR_STARTUP	0x4600

/* On the first CPU, once: where the registers are. */
void apic_find(u64 hpa);
/* On every CPU: enables it with all sources masked. */
void apic_enable(void);
u32 apic_id(void);
/* The highest id that apic_send() reaches in this mode. */
u32 apic_id_max(void);
u32 apic_read(u32 reg);
void apic_write(u32 reg, u32 value);
/* ICR low half, as above with a vector where it needs one. */
void apic_send(u32 destination, u32 command);

#endif
