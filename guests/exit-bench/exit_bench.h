/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of exit-bench: one operation each, measured from inside the
 * guest, with no knowledge of who hosts it.
 */
#ifndef GUESTS_EXIT_BENCH_EXIT_BENCH_H
#define GUESTS_EXIT_BENCH_EXIT_BENCH_H

#include "vmm-core/lib/types.h"

struct bench_row {
	const char *name;
	/* NULL: it can be measured here; else a reason, without quotes */
	const char *(*valid)(void);
	void (*setup)(void);	/* NULL: nothing to do */
	/* one operation; returns the TSC ticks that it took */
	u64 (*run)(void);
	unsigned int samples;	/* 0: BENCH_SAMPLES */
	/* measured from a point in time on, so without the second reading of
	 * the TSC that other rows hold */
	bool latency;
};

#define BENCH_SAMPLES		1000
#define BENCH_SAMPLES_SLOW	100

/* Each ends with a row without a name. The first row of bench_rows_cpu is
 * the empty one, whose median is what measuring itself costs. */
extern const struct bench_row bench_rows_cpu[];
extern const struct bench_row bench_rows_io[];
extern const struct bench_row bench_rows_irq[];
extern const struct bench_row bench_rows_memory[];
extern const struct bench_row bench_rows_smp[];

/* A run() that could not measure says why here: the row has no figures then.
 * NULL at the start of a row. */
extern const char *bench_failure;

/* Nothing before moves behind it, and nothing behind it moves before. */
static inline u64 bench_tsc(void)
{
	u32 lo, hi;

	asm volatile("lfence; rdtsc; lfence"
		     : "=a"(lo), "=d"(hi) : : "memory");
	return (u64)hi << 32 | lo;
}

/* A run() that is one statement between two readings of the TSC. */
#define BENCH_RUN(name, ...)			\
static u64 run_##name(void)			\
{						\
	u64 start = bench_tsc();		\
						\
	__VA_ARGS__;				\
	return bench_tsc() - start;		\
}

#endif
