/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CPU's one-shot timer: TSC-deadline where the CPU has it, else the
 * local APIC's counter, whose frequency is measured against the TSC.
 *
 * Each programming is a write that an outer hypervisor may have to emulate:
 * the deadline armed is remembered, and the same one never written twice.
 */
#include "vmm-core/cpu/timer.h"

#include "vmm-core/cpu/apic.h"
#include "vmm-core/cpu/clock.h"
#include "vmm-core/cpu/tsc.h"
#include "vmm-core/cpu/vectors.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"

#define DIVIDE_BY_1		0x0b
#define COUNT_MAX		0xffffffffull
#define CALIBRATE_TICKS_MAX	(1u << 24)
#define PRECISION		12
#define TRIES			3

u64 machine_stop_tsc = ~0ull;

/* counter ticks in 2^32 TSC ticks; 0: the CPU has TSC-deadline */
static u64 ticks_per_tsc;

static u32 counter_read(void)
{
	return apic_read(APIC_TIMER_CURRENT);
}

void timer_calibrate(void)
{
	const struct clock counter = {
		.read = counter_read,
		.mask = COUNT_MAX,
		.down = true,
		.ticks_max = CALIBRATE_TICKS_MAX,
		.precision = PRECISION,
	};
	struct clock_ratio ratio;
	int err = -EIO;

	if (cpuid(1, 0).ecx & CPUID1_ECX_TSC_DEADLINE) {
		printk("timer: TSC deadline\n");
		return;
	}
	apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_1);
	for (int i = 0; i < TRIES && err == -EIO; i++) {
		apic_write(APIC_TIMER_INITIAL, COUNT_MAX);
		err = clock_measure(&counter, &ratio);
	}
	apic_write(APIC_TIMER_INITIAL, 0);
	if (err)
		refuse("the local APIC's timer does not keep pace with the TSC");
	/* the fastest it may be, so that no interrupt comes too early */
	ticks_per_tsc = (u64)(((unsigned __int128)1 << 64) / ratio.low);
	printk("timer: local APIC, %llu kHz\n",
	       (u64)((unsigned __int128)ticks_per_tsc * tsc_khz >> 32));
}

void timer_enable(void)
{
	if (ticks_per_tsc) {
		apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_1);
		apic_write(APIC_LVT + LVT_TIMER, VECTOR_TIMER);
		return;
	}
	apic_write(APIC_LVT + LVT_TIMER, LVT_TIMER_DEADLINE | VECTOR_TIMER);
	/* the mode before the first deadline, which is an MSR and orders nothing */
	asm volatile("mfence" : : : "memory");
}

/* The counter's initial value: rounded up, at least 1, as far as it goes. */
static u32 count_until(u64 deadline)
{
	u64 now = rdtsc();
	unsigned __int128 count;

	if (deadline <= now)
		return 1;
	count = ((unsigned __int128)(deadline - now) * ticks_per_tsc >> 32) + 1;
	return count > COUNT_MAX ? COUNT_MAX : (u32)count;
}

void cpu_timer_arm(struct cpu *cpu, u64 deadline_tsc)
{
	if (deadline_tsc > machine_stop_tsc)
		deadline_tsc = machine_stop_tsc;
	if (deadline_tsc == cpu->timer_deadline)
		return;
	cpu->timer_deadline = deadline_tsc;
	if (!ticks_per_tsc)
		wrmsr(MSR_TSC_DEADLINE, deadline_tsc == ~0ull ? 0 : deadline_tsc);
	else if (deadline_tsc == ~0ull)
		apic_write(APIC_TIMER_INITIAL, 0);
	else
		apic_write(APIC_TIMER_INITIAL, count_until(deadline_tsc));
}
