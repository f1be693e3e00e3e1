/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TSC's frequency: what the CPU or an outer hypervisor says, else
 * measured against the ACPI PM timer.
 */
#include "vmm-core/cpu/tsc.h"

#include "vmm-core/cpu/clock.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"

#define PM_TIMER_HZ		3579545ull
#define PM_TIMER_MASK		0xffffff
#define PM_TIMER_TICKS_MAX	357954	/* 100 ms */
#define PRECISION		15	/* 30 ppm will do */
#define TRIES			3

/* the outer hypervisor's CPUID leaves */
#define CPUID_HV_BASE		0x40000000
#define CPUID_HV_TIMING		0x40000010

u64 tsc_khz;
static u16 pm_timer_port;

static u64 khz_of_crystal(void)
{
	u32 leaves = cpuid(0, 0).eax;
	struct cpuid ratio;
	u64 khz;

	if (leaves < 0x15)
		return 0;
	ratio = cpuid(0x15, 0);
	if (!ratio.eax || !ratio.ebx)
		return 0;
	khz = (u64)ratio.ecx * ratio.ebx / ratio.eax / 1000;
	/* where the crystal is not told, the base frequency is the TSC's */
	if (!khz && leaves >= 0x16)
		khz = (cpuid(0x16, 0).eax & 0xffff) * 1000ull;
	return khz;
}

static u64 khz_of_hypervisor(void)
{
	if (!(cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR) ||
	    cpuid(CPUID_HV_BASE, 0).eax < CPUID_HV_TIMING)
		return 0;
	return cpuid(CPUID_HV_TIMING, 0).eax;
}

static u32 pm_timer_read(void)
{
	return inl(pm_timer_port) & PM_TIMER_MASK;
}

static u64 khz_of_ratio(u64 tsc_per_tick)
{
	return (u64)((unsigned __int128)tsc_per_tick * PM_TIMER_HZ / 1000 >>
		     32);
}

static u64 khz_measured(void)
{
	const struct clock pm_timer = {
		.read = pm_timer_read,
		.mask = PM_TIMER_MASK,
		.ticks_max = PM_TIMER_TICKS_MAX,
		.precision = PRECISION,
	};
	struct clock_ratio ratio;
	u64 low, high;
	int err = -EIO;

	for (int i = 0; i < TRIES && err == -EIO; i++)
		err = clock_measure(&pm_timer, &ratio);
	if (err == -ENODEV)
		refuse("the ACPI PM timer stands still: cannot measure the TSC");
	if (err)
		printk("TSC and PM timer do not keep pace: time will be off\n");
	low = khz_of_ratio(ratio.low) + 1;
	high = khz_of_ratio(ratio.high);
	printk("TSC measured: %llu to %llu kHz\n", low, high);
	return low < high ? clock_round(low, high) : high;
}

void tsc_calibrate(const struct firmware *fw)
{
	const char *source = "by the CPU";

	tsc_khz = khz_of_crystal();
	if (!tsc_khz) {
		source = "by the outer hypervisor";
		tsc_khz = khz_of_hypervisor();
	}
	if (!tsc_khz) {
		if (!fw->pm_timer_port)
			refuse("no ACPI PM timer: cannot measure the TSC");
		pm_timer_port = fw->pm_timer_port;
		source = "by the PM timer";
		tsc_khz = khz_measured();
	}
	printk("TSC: %llu kHz, %s\n", tsc_khz, source);
}
