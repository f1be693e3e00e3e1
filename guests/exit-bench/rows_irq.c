/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of exit-bench about interrupts: sent, acknowledged, waited for.
 */
#include "guests/exit-bench/exit_bench.h"

#include "guests/runtime/apic.h"
#include "guests/runtime/guest.h"

#define MSR_TSC_DEADLINE	0x6e0
#define ECX1_TSC_DEADLINE	BIT(24)
#define LVT_TSC_DEADLINE	(2u << 17)

#define VECTOR			0x40
/* long enough to be asleep by then, on hardware and on an emulator */
#define DELAY_TICKS		1000000
#define FAR_TICKS		(1ull << 40)

static volatile u64 came_tsc;	/* of the last interrupt; 0: none yet */

static __attribute__((interrupt)) void came(struct interrupt_frame *frame)
{
	(void)frame;
	came_tsc = bench_tsc();
	guest_apic_write(APIC_EOI, 0);
}

static void irq_setup(void)
{
	guest_apic_enable();
	guest_set_interrupt(VECTOR, (u64)came);
}

/* Ends no interrupt: none is in service. */
static u64 run_eoi(void)
{
	u64 start;

	if (apic_x2apic) {
		start = bench_tsc();
		x2apic_write(APIC_EOI, 0);
		return bench_tsc() - start;
	}
	start = bench_tsc();
	xapic_write(APIC_EOI, 0);
	return bench_tsc() - start;
}

/* From sending it to the instruction after, the handler and EOI between. */
static u64 run_self_ipi(void)
{
	u64 start;

	came_tsc = 0;
	irq_enable();
	start = bench_tsc();
	if (apic_x2apic)
		x2apic_write(X2APIC_SELF_IPI, VECTOR);
	else
		xapic_write(APIC_ICR, ICR_SELF | VECTOR);
	while (!came_tsc)
		;
	start = bench_tsc() - start;
	irq_disable();
	return start;
}

static const char *deadline_valid(void)
{
	return cpuid(1, 0).ecx & ECX1_TSC_DEADLINE ? NULL :
	       "this CPU has no TSC deadline timer";
}

static void deadline_setup(void)
{
	irq_setup();
	guest_apic_write(APIC_LVT_TIMER, VECTOR | LVT_TSC_DEADLINE);
}

/* To a time that never comes: armed anew, nothing expires. */
static u64 run_deadline_arm(void)
{
	u64 deadline = rdtsc() + FAR_TICKS;
	u64 start = bench_tsc();

	wrmsr(MSR_TSC_DEADLINE, deadline);
	return bench_tsc() - start;
}

static u64 deadline_arm(void)
{
	u64 deadline = rdtsc() + DELAY_TICKS;

	came_tsc = 0;
	wrmsr(MSR_TSC_DEADLINE, deadline);
	return deadline;
}

/* From the deadline to the handler, the guest running all the time. */
static u64 run_latency_running(void)
{
	u64 deadline = deadline_arm();

	irq_enable();
	while (!came_tsc)
		;
	irq_disable();
	return came_tsc - deadline;
}

/* The same, the guest halted. */
static u64 run_latency_halted(void)
{
	u64 deadline = deadline_arm();

	while (!came_tsc)
		irq_wait();
	return came_tsc - deadline;
}

/* From the deadline to the instruction after HLT, handler and EOI between. */
static u64 run_hlt_wake(void)
{
	u64 deadline = deadline_arm();

	while (!came_tsc)
		irq_wait();
	return bench_tsc() - deadline;
}

const struct bench_row bench_rows_irq[] = {
	{ .name = "apic-eoi", .setup = irq_setup, .run = run_eoi },
	{ .name = "self-ipi", .setup = irq_setup, .run = run_self_ipi },
	{ .name = "tsc-deadline-arm", .valid = deadline_valid,
	  .setup = deadline_setup, .run = run_deadline_arm },
	{ .name = "timer-latency-running", .valid = deadline_valid,
	  .setup = deadline_setup, .run = run_latency_running,
	  .samples = BENCH_SAMPLES_SLOW, .latency = true },
	{ .name = "timer-latency-halted", .valid = deadline_valid,
	  .setup = deadline_setup, .run = run_latency_halted,
	  .samples = BENCH_SAMPLES_SLOW, .latency = true },
	{ .name = "hlt-to-wake", .valid = deadline_valid,
	  .setup = deadline_setup, .run = run_hlt_wake,
	  .samples = BENCH_SAMPLES_SLOW, .latency = true },
	{ 0 }
};
