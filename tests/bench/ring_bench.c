/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cost of recording an exit: instructions, counted one by one with a
 * debugger's single step, and time against a bare rdtsc and 64-byte store,
 * turn about in the same run. Prints each figure with its limit; 1 if one
 * missed it.
 */
#include "tests/bench/ring_code.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vmm-core/trace/ring_writer.h"

#define INSTRUCTIONS_MAX	48
#define RATIO_MAX		1.3

#define RING_SLOTS		(1u << 20)	/* 64 MiB, as the core has by default */
#define ROUNDS			401
#define ROUND_RECORDS		4096
#define STEPS_MAX		1000000

static const struct exit_info exit_sample = {
	.tsc = 1, .rip = 0xffffffff81000000ull, .cr3 = 0x1000, .detail = 1,
	.raw_code = 0x72, .reason = 1, .asid = 1, .insn_len = 2,
};

static struct ring *ring_new(void)
{
	struct ring *ring = aligned_alloc(4096, RING_BYTES(RING_SLOTS));

	if (!ring) {
		perror("ring_bench");
		exit(1);
	}
	memset(ring, 0, RING_BYTES(RING_SLOTS));
	ring_init(ring, 0, RING_SLOTS);
	return ring;
}

static void child_run(struct ring *ring)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	ring_record(ring, 0, 1, &exit_sample, 1000, 10);
	_exit(0);
}

/* One instruction of the child; false when it has ended. */
static bool child_step(pid_t child, u64 *rip, u64 *rsp)
{
	struct user_regs_struct regs;
	int status;

	if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) < 0 ||
	    waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_GETREGS, child, NULL, &regs) < 0)
		return false;
	*rip = regs.rip;
	*rsp = regs.rsp;
	return true;
}

/*
 * Instructions of one call of ring_record(), its return included: from its
 * first up to the return to the caller, where the stack is above it again.
 * 0: it cannot be counted here.
 */
static unsigned int instructions_count(struct ring *ring)
{
	const u64 entry = (uintptr_t)ring_record;
	u64 rip = 0, rsp = 0, entry_rsp;
	unsigned int count = 0, steps = 0;
	pid_t child = fork();
	int status;

	if (!child)
		child_run(ring);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return 0;
	while (rip != entry && steps++ < STEPS_MAX)
		if (!child_step(child, &rip, &rsp))
			return 0;
	entry_rsp = rsp;
	while (rsp <= entry_rsp && count < STEPS_MAX) {
		if (!child_step(child, &rip, &rsp))
			return 0;
		count++;
	}
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return rip == entry ? 0 : count;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

static bool figure(const char *name, double value, double limit)
{
	printf("ring %-42s %6.2f  (at most %.2f)\n", name, value, limit);
	return value <= limit;
}

static bool time_measure(struct ring *ring)
{
	static double record[ROUNDS], bare[ROUNDS], ratio[ROUNDS];
	double start, middle, end;

	for (int i = 0; i < ROUNDS; i++) {
		start = now_ns();
		ring_bare_stores(ring, ROUND_RECORDS);
		middle = now_ns();
		ring_records(ring, &exit_sample, ROUND_RECORDS);
		end = now_ns();
		bare[i] = (middle - start) / ROUND_RECORDS;
		record[i] = (end - middle) / ROUND_RECORDS;
		ratio[i] = record[i] / bare[i];
	}
	printf("ring %-42s %6.2f ns\n", "bare rdtsc and 64-byte store",
	       median(bare));
	printf("ring %-42s %6.2f ns\n", "rdtsc and VMEXIT record",
	       median(record));
	return figure("record, times a bare store", median(ratio), RATIO_MAX);
}

int main(void)
{
	struct ring *ring = ring_new();
	unsigned int count = instructions_count(ring);
	bool good = true;

	if (count)
		good = figure("instructions of a VMEXIT record", count,
			      INSTRUCTIONS_MAX);
	else
		printf("skip instructions of a VMEXIT record: "
		       "ptrace is not allowed here\n");
	if (!time_measure(ring))
		good = false;
	free(ring);
	return good ? 0 : 1;
}
