/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC's registers: SDM volume 3, "Advanced Programmable Interrupt
 * Controller". By their x2APIC number: the xAPIC page has one every 16 bytes.
 */
#ifndef VMM_CORE_LIB_APIC_REGS_H
#define VMM_CORE_LIB_APIC_REGS_H

#include "vmm-core/lib/types.h"

enum apic_register {
	APIC_ID = 0x02, APIC_VERSION = 0x03,
	APIC_TPR = 0x08, APIC_APR = 0x09, APIC_PPR = 0x0a, APIC_EOI = 0x0b,
	APIC_LDR = 0x0d, APIC_DFR = 0x0e, APIC_SVR = 0x0f,
	APIC_ISR = 0x10, APIC_TMR = 0x18, APIC_IRR = 0x20, APIC_ESR = 0x28,
	APIC_ICR = 0x30, APIC_ICR_HIGH = 0x31,
	APIC_LVT = 0x32, APIC_LVT_LAST = 0x37,
	APIC_TIMER_INITIAL = 0x38, APIC_TIMER_CURRENT = 0x39,
	APIC_TIMER_DIVIDE = 0x3e, APIC_SELF_IPI = 0x3f,
};

#define MSR_APIC_BASE		0x1b
#define APIC_BASE_BSP		BIT(8)
#define APIC_BASE_X2APIC	BIT(10)
#define APIC_BASE_ENABLE	BIT(11)
#define APIC_BASE_ADDRESS	0x000ffffffffff000ull

#define MSR_TSC_DEADLINE	0x6e0

/* x2APIC: a register's number added to the first of these MSRs */
#define MSR_X2APIC_FIRST	0x800
#define MSR_X2APIC_LAST		0x8ff

/* Local vector table, from APIC_LVT on */
enum lapic_lvt {
	LVT_TIMER, LVT_THERMAL, LVT_PMC, LVT_LINT0, LVT_LINT1, LVT_ERROR,
	LVTS
};

#define LVT_VECTOR		0xffu
#define LVT_MODE(v)		((v) >> 8 & 7)
#define LVT_MASKED		BIT(16)
#define LVT_TIMER_MODE		(3u << 17)
#define LVT_TIMER_PERIODIC	(1u << 17)
#define LVT_TIMER_DEADLINE	(2u << 17)

#define SVR_ENABLED		BIT(8)

#define ESR_SEND_ILLEGAL	BIT(5)
#define ESR_RECEIVE_ILLEGAL	BIT(6)
#define ESR_ILLEGAL_REGISTER	BIT(7)

/* Interrupt command register; delivery modes are those of the LVT, too */
enum apic_delivery {
	APIC_FIXED = 0,
	APIC_LOWEST = 1,
	APIC_NMI = 4,
	APIC_INIT = 5,
	APIC_SIPI = 6,
	APIC_EXTINT = 7,
};

#define ICR_MODE(mode)		((u32)(mode) << 8)
#define ICR_LOGICAL		BIT(11)
#define ICR_BUSY		BIT(12)
#define ICR_ASSERT		BIT(14)
#define ICR_LEVEL		BIT(15)
#define ICR_SHORTHAND(v)	((v) >> 18 & 3)

#endif
