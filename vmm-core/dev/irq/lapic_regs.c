/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC's registers, behind both of its faces: the xAPIC page and
 * the x2APIC MSRs, whose index is the page's offset divided by 16.
 */
#include "vmm-core/dev/irq/lapic_regs.h"

#include "vmm-core/dev/irq/apic_bus.h"
#include "vmm-core/dev/irq/apic_page.h"
#include "vmm-core/dev/irq/lapic_timer.h"
#include "vmm-core/lib/x86.h"

/* integrated APIC, and the index of the last LVT entry */
#define VERSION_VALUE	(0x14 | (LVTS - 1) << 16)

/* bits that have no meaning for the ICR of an x2APIC: #GP */
#define ICR_RESERVED	0xfff33000ull

static const u32 lvt_writable[LVTS] = {
	[LVT_TIMER]	= LVT_VECTOR | LVT_MASKED | LVT_TIMER_MODE,
	[LVT_THERMAL]	= LVT_VECTOR | LVT_MASKED | 0x700,
	[LVT_PMC]	= LVT_VECTOR | LVT_MASKED | 0x700,
	[LVT_LINT0]	= LVT_VECTOR | LVT_MASKED | 0xa700,
	[LVT_LINT1]	= LVT_VECTOR | LVT_MASKED | 0xa700,
	[LVT_ERROR]	= LVT_VECTOR | LVT_MASKED,
};

static u32 x2apic_ldr(const struct lapic *apic)
{
	return apic->id >> 4 << 16 | 1u << (apic->id & 15);
}

/* ISR, TMR and IRR: eight registers each. */
static u32 vector_register(const struct lapic *apic, u32 reg)
{
	if (reg >= APIC_IRR)
		return vector_word(&apic->irr, reg - APIC_IRR);
	if (reg >= APIC_TMR)
		return vector_word(&apic->tmr, reg - APIC_TMR);
	return vector_word(&apic->isr, reg - APIC_ISR);
}

static u32 apic_register_read(struct lapic *apic, u32 reg)
{
	lapic_pv_eoi_sync(apic);
	switch (reg) {
	case APIC_ID:
		return lapic_x2apic(apic) ? apic->id : apic->id << 24;
	case APIC_VERSION:
		return VERSION_VALUE;
	case APIC_TPR:
		return apic->tpr;
	case APIC_PPR:
		return lapic_ppr(apic);
	case APIC_LDR:
		return lapic_x2apic(apic) ? x2apic_ldr(apic) : apic->ldr;
	case APIC_DFR:
		return apic->dfr;
	case APIC_SVR:
		return apic->svr;
	case APIC_ISR ... APIC_ESR - 1:
		return vector_register(apic, reg);
	case APIC_ESR:
		return apic->esr;
	case APIC_ICR:
		return (u32)apic->icr;
	case APIC_ICR_HIGH:
		return (u32)(apic->icr >> 32);
	case APIC_LVT ... APIC_LVT_LAST:
		return apic->lvt[reg - APIC_LVT];
	case APIC_TIMER_INITIAL:
		return apic->timer_initial;
	case APIC_TIMER_CURRENT:
		return lapic_timer_current(apic, rdtsc());
	case APIC_TIMER_DIVIDE:
		return apic->timer_divide;
	}
	return 0;
}

static void write_lvt(struct lapic *apic, u32 index, u32 value)
{
	value &= lvt_writable[index];
	if (!(apic->svr & SVR_ENABLED))
		value |= LVT_MASKED;
	if (index == LVT_TIMER)
		lapic_timer_set_lvt(apic, value, rdtsc());
	else
		apic->lvt[index] = value;
}

static void write_svr(struct lapic *apic, u32 value)
{
	unsigned int i;

	apic->svr = value & 0x1ff;
	if (!(value & SVR_ENABLED))
		for (i = 0; i < LVTS; i++)
			apic->lvt[i] |= LVT_MASKED;
	lapic_timer_rearm(apic, rdtsc());
}

static void write_esr(struct lapic *apic)
{
	apic->esr = apic->esr_pending;
	apic->esr_pending = 0;
}

static void write_icr(struct lapic *apic, u64 value)
{
	apic->icr = value & ~ICR_BUSY;
	apic_bus_ipi(apic, value);
}

static void write_eoi(struct lapic *apic)
{
	int vector = lapic_eoi(apic);

	if (vector >= 0)
		apic_bus_eoi(apic->bus, (u8)vector);
}

static void apic_register_write(struct lapic *apic, u32 reg, u32 value)
{
	switch (reg) {
	case APIC_TPR:
		apic->tpr = value & 0xff;
		break;
	case APIC_EOI:
		write_eoi(apic);
		break;
	case APIC_LDR:
		apic->ldr = value & 0xff000000;
		break;
	case APIC_DFR:
		apic->dfr = value | 0x0fffffff;
		break;
	case APIC_SVR:
		write_svr(apic, value);
		break;
	case APIC_ESR:
		write_esr(apic);
		break;
	case APIC_ICR:
		write_icr(apic, (apic->icr & ~0xffffffffull) | value);
		break;
	case APIC_ICR_HIGH:
		apic->icr = (u32)apic->icr | (u64)value << 32;
		break;
	case APIC_LVT ... APIC_LVT_LAST:
		write_lvt(apic, reg - APIC_LVT, value);
		break;
	case APIC_TIMER_INITIAL:
		lapic_timer_set_initial(apic, value, rdtsc());
		break;
	case APIC_TIMER_DIVIDE:
		lapic_timer_set_divide(apic, value, rdtsc());
		break;
	}
}

/* Whether a register can be read or written; ICR_HIGH and DFR only in a page. */
static bool register_exists(u32 reg, bool write)
{
	switch (reg) {
	case APIC_ID: case APIC_VERSION: case APIC_PPR: case APIC_APR:
	case APIC_ISR ... APIC_ESR - 1:
	case APIC_TIMER_CURRENT:
		return !write;
	case APIC_EOI:
		return write;
	case APIC_TPR: case APIC_LDR: case APIC_DFR: case APIC_SVR:
	case APIC_ESR: case APIC_ICR: case APIC_ICR_HIGH:
	case APIC_LVT ... APIC_LVT_LAST:
	case APIC_TIMER_INITIAL: case APIC_TIMER_DIVIDE:
		return true;
	}
	return false;
}

u32 lapic_mmio_read(struct lapic *apic, u32 offset)
{
	u32 reg = offset >> 4;

	if (!register_exists(reg, false) && reg != APIC_EOI) {
		lapic_error(apic, ESR_ILLEGAL_REGISTER);
		return 0;
	}
	return apic_register_read(apic, reg);
}

void lapic_mmio_write(struct lapic *apic, u32 offset, u32 value)
{
	u32 reg = offset >> 4;

	if (register_exists(reg, true))
		apic_register_write(apic, reg, value);
	/* writes to registers that can only be read are ignored */
	else if (!register_exists(reg, false))
		lapic_error(apic, ESR_ILLEGAL_REGISTER);
}

static bool x2apic_read(struct lapic *apic, u32 reg, u64 *value)
{
	if (!lapic_x2apic(apic) || reg == APIC_DFR || reg == APIC_ICR_HIGH ||
	    reg == APIC_APR || !register_exists(reg, false))
		return false;
	*value = reg == APIC_ICR ? apic->icr : apic_register_read(apic, reg);
	return true;
}

/* Writes of bits that are reserved in that register: #GP. */
static bool x2apic_value_valid(u32 reg, u64 value)
{
	switch (reg) {
	case APIC_ICR:
		return !(value & ICR_RESERVED);
	case APIC_TPR: case APIC_SELF_IPI:
		return !(value & ~0xffull);
	case APIC_EOI: case APIC_ESR:
		return value == 0;
	case APIC_TIMER_DIVIDE:
		return !(value & ~0xbull);
	}
	return !(value >> 32);
}

static bool x2apic_write(struct lapic *apic, u32 reg, u64 value)
{
	if (!lapic_x2apic(apic) || !x2apic_value_valid(reg, value))
		return false;
	switch (reg) {
	case APIC_ICR:
		write_icr(apic, value);
		return true;
	case APIC_SELF_IPI:
		lapic_raise(apic, (u8)value, false);
		return true;
	case APIC_DFR: case APIC_LDR: case APIC_ICR_HIGH:
		return false;
	}
	if (!register_exists(reg, true))
		return false;
	apic_register_write(apic, reg, (u32)value);
	return true;
}

static bool write_apic_base(struct lapic *apic, u64 value)
{
	u64 mode = APIC_BASE_ENABLE | APIC_BASE_X2APIC;
	u64 from = apic->base & mode, to = value & mode;

	/* the page stays where the tables say it is */
	if ((value ^ apic->base) & ~mode || to == APIC_BASE_X2APIC)
		return false;
	/* x2APIC is entered from xAPIC and left by switching off */
	if ((from == mode && to == APIC_BASE_ENABLE) || (!from && to == mode))
		return false;
	apic->base = value;
	if (from && !to)
		lapic_reset(apic);
	return true;
}

bool lapic_msr_read(struct lapic *apic, u32 index, u64 *value)
{
	switch (index) {
	case MSR_APIC_BASE:
		*value = apic->base;
		return true;
	case MSR_TSC_DEADLINE:
		*value = apic->timer_deadline;
		return true;
	}
	return x2apic_read(apic, index - MSR_X2APIC_FIRST, value);
}

bool lapic_msr_write(struct lapic *apic, u32 index, u64 value)
{
	switch (index) {
	case MSR_APIC_BASE:
		return write_apic_base(apic, value);
	case MSR_TSC_DEADLINE:
		lapic_timer_set_deadline(apic, value, rdtsc());
		return true;
	}
	return x2apic_write(apic, index - MSR_X2APIC_FIRST, value);
}

/* The vCPU's own; NULL where it has no page, because it is off or an x2APIC. */
static struct lapic *lapic_at(const struct device *dev, struct bus_access at)
{
	const struct lapic_page *page = (const struct lapic_page *)dev;
	struct lapic *apic = page->apics->lapic[at.vcpu];
	u64 mode = APIC_BASE_ENABLE | APIC_BASE_X2APIC;

	return (apic->base & mode) == APIC_BASE_ENABLE ? apic : NULL;
}

static u64 lapic_page_read(struct device *dev, struct bus_access at)
{
	struct lapic *apic = lapic_at(dev, at);

	return apic ? apic_page_value(lapic_mmio_read(apic, apic_page_offset(at)),
				      at) : ~0ull;
}

static void lapic_page_write(struct device *dev, struct bus_access at, u64 value)
{
	struct lapic *apic = lapic_at(dev, at);

	if (apic && apic_page_whole(at))
		lapic_mmio_write(apic, apic_page_offset(at), (u32)value);
}

static const struct device_model lapic_model = {
	.name = "local-apic",
	.range = { { BUS_MEMORY, 8, LAPIC_GPA, LAPIC_GPA + 0xfff } },
	.read = lapic_page_read,
	.write = lapic_page_write,
};

int lapic_page_add(struct lapic_page *page, struct bus *bus,
		   const struct apic_bus *apics)
{
	page->apics = apics;
	return bus_add(bus, &page->dev, &lapic_model);
}
