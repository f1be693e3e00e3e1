/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Model-specific registers: ones the core keeps itself, ones that kernels
 * probe, and ones that do not exist, which are #GP; and so is CR4 with bits
 * that no CPU has.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/dev/irq/lapic.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"

#define ROUNDS		30
#define NO_SUCH_MSR	0x4d4f4e45

#define TSC_START	1000000000000ull
#define TSC_NEAR	100000000ull
#define CR4_NO_CPU	(1ull << 31)

/* Read as 0 by who probes without asking CPUID. */
static u64 probed(void)
{
	static const u32 msrs[] = {
		0x17, 0x2a, 0xc1, 0xfe, 0x186, MSR_K7_EVNTSEL0, 0xc0010004,
		MSR_K7_PERFCTR3,
	};
	u64 wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(msrs); i++)
		wrong += rdmsr(msrs[i]) != 0;
	wrmsr(0xc0010004, 7);
	wrong += rdmsr(MSR_MISC_ENABLE) == 0;
	return wrong;
}

static bool near(u64 tsc, u64 expect)
{
	return tsc - expect < TSC_NEAR;
}

/* The TSC and what it was adjusted by move together. */
static u64 tsc_moves(void)
{
	u64 before = rdtsc(), wrong = 0, adjust;

	wrmsr(MSR_TSC, TSC_START);
	wrong += !near(rdtsc(), TSC_START);
	wrong += !near(rdmsr(MSR_TSC), TSC_START);
	adjust = rdmsr(MSR_TSC_ADJUST);
	wrong += !near(TSC_START - adjust, before);
	wrmsr(MSR_TSC_ADJUST, adjust + TSC_START);
	wrong += !near(rdtsc(), 2 * TSC_START);
	wrmsr(MSR_TSC_ADJUST, 0);
	return wrong + !near(rdtsc(), before);
}

/* CPUID says what the guest's own registers have switched on or off. */
static u64 cpuid_follows(u64 base)
{
	u64 wrong = !(cpuid(1, 0).edx & CPUID1_EDX_APIC);

	wrmsr(MSR_APIC_BASE, base & ~APIC_BASE_ENABLE);
	wrong += !!(cpuid(1, 0).edx & CPUID1_EDX_APIC);
	wrmsr(MSR_APIC_BASE, base);
	/* hidden with its MSR: PKS; with its bit of EFER: TCE */
	wrong += !!(cpuid(7, 0).ecx & (1u << 31));
	return wrong + !!(cpuid(0x80000001, 0).ecx & (1u << 17));
}

static void write_bad_cr4(void)
{
	asm volatile("mov %%cr4, %%rax; or %0, %%rax; .byte 0x0f, 0x22, 0xe0"
		     : : "r"(CR4_NO_CPU) : "rax");
}

void guest_main(void)
{
	u64 base = rdmsr(MSR_APIC_BASE);
	u64 bad = 0;

	guest_catch(2);
	for (int i = 1; i < ROUNDS; i++)
		bad += rdmsr(MSR_APIC_BASE) != base;
	for (int i = 0; i < ROUNDS; i++)
		wrmsr(MSR_APIC_BASE, base);
	for (int i = 0; i < ROUNDS; i++)
		rdmsr(NO_SUCH_MSR);
	for (int i = 0; i < ROUNDS; i++)
		wrmsr(NO_SUCH_MSR, i);
	wrmsr(MSR_MTRR_CAP, 0);
	bad += probed() + tsc_moves() + cpuid_follows(base);
	guest_catch(3);
	write_bad_cr4();
	bad += !!(read_cr4() & CR4_NO_CPU);
	guest_print("msr-guest: bad ");
	guest_print_number(bad);
	guest_print(" faults ");
	guest_print_number(guest_faults);
	guest_print("\n");
}
