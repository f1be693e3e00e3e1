/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC, spoken to as the CPU says: by MSR if it can be an x2APIC.
 */
#ifndef GUESTS_RUNTIME_APIC_H
#define GUESTS_RUNTIME_APIC_H

#include "vmm-core/lib/types.h"
#include "vmm-core/lib/x86.h"

/* registers by their x2APIC number; the page has one every 16 bytes */
#define APIC_ID			0x02
#define APIC_EOI		0x0b
#define APIC_SVR		0x0f
#define APIC_ICR		0x30
#define APIC_ICR_HIGH		0x31	/* of the page only */
#define APIC_LVT_TIMER		0x32
#define X2APIC_SELF_IPI		0x3f

#define ICR_MODE		0x700	/* 0: an interrupt */
#define ICR_INIT		0x500
#define ICR_STARTUP		0x600
#define ICR_ASSERT		0x4000
#define ICR_SELF		0x40000

/* set by the first guest_apic_enable() */
extern bool apic_x2apic;
extern volatile u32 *apic_page;

/* This CPU's; once more does nothing. */
void guest_apic_enable(void);
u32 guest_apic_id(void);
/* command: vector, delivery mode and level of the ICR's low half. */
void guest_apic_send(u32 destination, u32 command);

static inline void x2apic_write(u32 reg, u64 v)
{
	wrmsr(0x800 + reg, v);
}

static inline void xapic_write(u32 reg, u32 v)
{
	apic_page[reg * 4] = v;
}

static inline void guest_apic_write(u32 reg, u32 v)
{
	if (apic_x2apic)
		x2apic_write(reg, v);
	else
		xapic_write(reg, v);
}

#endif
