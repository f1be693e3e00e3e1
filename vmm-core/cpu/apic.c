/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical local APIC (SDM volume 3, "Advanced Programmable Interrupt
 * Controller"; APM volume 2, "Advanced Programmable Interrupt Controller").
 */
#include "vmm-core/cpu/apic.h"

#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/mm/paging.h"
#include "vmm-core/cpu/vectors.h"

#define MSR_APIC_BASE		0x1b
#define APIC_BASE_EXTD		BIT(10)
#define APIC_BASE_ENABLE	BIT(11)
#define APIC_BASE_ADDRESS	0x000ffffffffff000ull

#define MSR_X2APIC		0x800
#define MSR_X2APIC_ICR		0x830

#define SPURIOUS_ENABLE		BIT(8)
#define ICR_BUSY		BIT(12)

static volatile u8 *registers;	/* NULL: x2APIC */

void apic_find(u64 at)
{
	if (rdmsr(MSR_APIC_BASE) & APIC_BASE_EXTD)
		return;
	registers = hva(at);
	paging_set_uncached(at);
}

u32 apic_read(u32 reg)
{
	if (!registers)
		return (u32)rdmsr(MSR_X2APIC + reg / 16);
	return *(volatile u32 *)(registers + reg);
}

void apic_write(u32 reg, u32 value)
{
	if (registers)
		*(volatile u32 *)(registers + reg) = value;
	else
		wrmsr(MSR_X2APIC + reg / 16, value);
}

u32 apic_id(void)
{
	u32 id = apic_read(APIC_ID);

	return registers ? id >> 24 : id;
}

u32 apic_id_max(void)
{
	/* all ones is the broadcast */
	return registers ? 0xfe : 0xfffffffe;
}

void apic_send(u32 destination, u32 command)
{
	if (!registers) {
		/* unlike the memory write, the MSR write orders nothing */
		asm volatile("mfence; lfence" : : : "memory");
		wrmsr(MSR_X2APIC_ICR, (u64)destination << 32 | command);
		return;
	}
	while (apic_read(APIC_ICR_LOW) & ICR_BUSY)
		cpu_relax();
	apic_write(APIC_ICR_HIGH, destination << 24);
	apic_write(APIC_ICR_LOW, command);
}

void apic_enable(void)
{
	u64 base = rdmsr(MSR_APIC_BASE) | APIC_BASE_ENABLE;

	if (registers)
		base = (base & ~APIC_BASE_ADDRESS) | (u64)registers;
	else
		base |= APIC_BASE_EXTD;
	wrmsr(MSR_APIC_BASE, base);
	apic_write(APIC_LVT_TIMER, APIC_LVT_MASKED);
	apic_write(APIC_LVT_LINT0, APIC_LVT_MASKED);
	apic_write(APIC_LVT_LINT1, APIC_LVT_MASKED);
	apic_write(APIC_LVT_ERROR, APIC_LVT_MASKED);
	apic_write(APIC_SPURIOUS, SPURIOUS_ENABLE | VECTOR_SPURIOUS);
}
