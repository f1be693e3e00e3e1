/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of exit-bench about another CPU: from sending it an interrupt until
 * this one sees that the other's handler ran.
 */
#include "guests/exit-bench/exit_bench.h"

#include "guests/runtime/apic.h"
#include "guests/runtime/second_cpu.h"

/* long enough to be out of the guest once it said that it halts, and often
 * enough its turn where an emulator runs both in turns */
#define ASLEEP_TICKS	1000000
#define ASLEEP_PAUSES	1000

static const char *second_cpu_valid(void)
{
	guest_apic_enable();
	return second_cpu_start();
}

static u64 ping(void)
{
	u64 start = bench_tsc();

	if (!second_cpu_ping())
		bench_failure = "the other CPU does not answer";
	return bench_tsc() - start;
}

static void wait_for(enum second_cpu_wait how)
{
	if (!second_cpu_wait(how))
		bench_failure = "the other CPU does not come to waiting";
}

static void running_setup(void)
{
	wait_for(SECOND_CPU_RUNNING);
}

static void halted_setup(void)
{
	wait_for(SECOND_CPU_HALTED);
}

static u64 run_ipi_halted(void)
{
	u64 start;

	wait_for(SECOND_CPU_HALTED);
	start = rdtsc();
	for (int i = 0; i < ASLEEP_PAUSES; i++)
		cpu_relax();
	while (rdtsc() - start < ASLEEP_TICKS)
		;
	return ping();
}

/* The last row leaves the other CPU halted. */
const struct bench_row bench_rows_smp[] = {
	{ .name = "ipi-running", .valid = second_cpu_valid,
	  .setup = running_setup, .run = ping,
	  .samples = BENCH_SAMPLES_SLOW },
	{ .name = "ipi-halted", .valid = second_cpu_valid,
	  .setup = halted_setup, .run = run_ipi_halted,
	  .samples = BENCH_SAMPLES_SLOW },
	{ 0 }
};
