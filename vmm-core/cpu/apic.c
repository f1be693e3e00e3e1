/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical local APIC (SDM volume 3, "Advanced Programmable Interrupt
 * Controller"; APM volume 2, "Advanced Programmable Interrupt Controller").
 */
#include "vmm-core/cpu/apic.h"

#include "vmm-core/cpu/vectors.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/mm/paging.h"

static volatile u8 *registers;	/* NULL: x2APIC */

void apic_find(u64 at)
{
	if (rdmsr(MSR_APIC_BASE) & APIC_BASE_X2APIC)
		return;
	registers = hva(at);
	paging_set_uncached(at);
}

u32 apic_read(enum apic_register reg)
{
	if (!registers)
		return (u32)rdmsr(MSR_X2APIC_FIRST + reg);
	return *(volatile u32 *)(registers + reg * 16);
}

void apic_write(enum apic_register reg, u32 value)
{
	if (registers)
		*(volatile u32 *)(registers + reg * 16) = value;
	else
		wrmsr(MSR_X2APIC_FIRST + reg, value);
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

void apic_send(u32 destination, enum apic_delivery mode, u8 vector)
{
	u32 command = (u32)ICR_ASSERT | ICR_MODE(mode) | vector;

	if (!registers) {
		/* unlike the memory write, the MSR write orders nothing */
		asm volatile("mfence; lfence" : : : "memory");
		wrmsr(MSR_X2APIC_FIRST + APIC_ICR, (u64)destination << 32 | command);
		return;
	}
	while (apic_read(APIC_ICR) & ICR_BUSY)
		cpu_relax();
	apic_write(APIC_ICR_HIGH, destination << 24);
	apic_write(APIC_ICR, command);
}

void apic_enable(void)
{
	u64 base = rdmsr(MSR_APIC_BASE) | APIC_BASE_ENABLE;

	if (registers)
		base = (base & ~APIC_BASE_ADDRESS) | (u64)registers;
	else
		base |= APIC_BASE_X2APIC;
	wrmsr(MSR_APIC_BASE, base);
	apic_write(APIC_LVT + LVT_TIMER, LVT_MASKED);
	apic_write(APIC_LVT + LVT_LINT0, LVT_MASKED);
	apic_write(APIC_LVT + LVT_LINT1, LVT_MASKED);
	apic_write(APIC_LVT + LVT_ERROR, LVT_MASKED);
	apic_write(APIC_SVR, SVR_ENABLED | VECTOR_SPURIOUS);
}
