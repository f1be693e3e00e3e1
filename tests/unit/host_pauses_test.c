/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pauses of a machine inside its exits: proved where the host's clocks prove
 * them, and never where the emulator may have run.
 */
#include "vmprof/host_pauses.c"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/event/event_known.h"

#define MS	INT64_C(1000000)
#define KHZ	1000000		/* a cycle is a nanosecond */

/* A sample each 10 ms; the emulator has a CPU half of the time. */
static struct host_pauses *sampled_until(int64_t end_ms)
{
	struct host_pauses *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->tsc_khz = KHZ;
	for (int64_t ms = 0; ms <= end_ms; ms += 10)
		p->sample[p->next++ % HOST_SAMPLES] = (struct host_sample){
			.wall_ns = ms * MS, .cpu_ns = ms * MS / 2 };
	p->drained_ns = end_ms * MS;
	return p;
}

/* An exit that ended behind end_ms: cpu_ms were used since that. */
static void assert_pause(int64_t end_ms, int64_t handle_ms, int64_t blocked_ms,
			 int64_t cpu_ms, int64_t pause_ms)
{
	struct host_pauses *p = sampled_until(end_ms);
	struct host_sample now = { .cpu_ns = (end_ms / 2 + cpu_ms) * MS };

	assert_int_equal(host_pause_proved(p, now, handle_ms * MS,
					   blocked_ms * MS), pause_ms * MS);
	free(p);
}

static void test_what_is_proved(void **state)
{
	(void)state;
	/* 100 ms, in which the emulator had 50, and then more */
	assert_pause(1000, 100, 0, 0, 0);
	assert_pause(1000, 101, 0, 0, 0);
	/* no time since the last sample but the last 5 ms */
	assert_pause(1000, 1, 0, 5, 0);
	/* blocked time moves the begin back, and is not itself a pause */
	assert_pause(1000, 100, 200, 0, 0);
}

/* Stands still from 500 ms on: no CPU time is used after that. */
static struct host_pauses *still_since_500(int64_t end_ms)
{
	struct host_pauses *p = sampled_until(500);

	for (int64_t ms = 510; ms <= end_ms; ms += 10)
		p->sample[p->next++ % HOST_SAMPLES] = (struct host_sample){
			.wall_ns = ms * MS, .cpu_ns = 250 * MS };
	p->drained_ns = end_ms * MS;
	return p;
}

static void test_pause_is_measured(void **state)
{
	struct host_pauses *p = still_since_500(1500);
	struct host_sample now = { .cpu_ns = 260 * MS };

	(void)state;
	/* began at 500: 10 ms were used since, 990 were not */
	assert_int_equal(host_pause_proved(p, now, 1000 * MS, 0), 990 * MS);
	/* began at 400, or 100 of it blocked: 60 were used since 400 */
	assert_int_equal(host_pause_proved(p, now, 1100 * MS, 0), 1040 * MS);
	assert_int_equal(host_pause_proved(p, now, 1000 * MS, 100 * MS),
			 940 * MS);
	/* began between two samples: the older one counts */
	assert_int_equal(host_pause_proved(p, now, 1001 * MS, 0), 986 * MS);
	/* half of it and less may be dear by itself */
	now.cpu_ns = 750 * MS;
	assert_int_equal(host_pause_proved(p, now, 1000 * MS, 0), 0);
	now.cpu_ns = 749 * MS;
	assert_int_equal(host_pause_proved(p, now, 1000 * MS, 0), 501 * MS);
	/* began before the first sample: nothing is known */
	assert_int_equal(host_pause_proved(p, now, 1501 * MS, 0), 0);
	free(p);
}

/* The samples are a ring: what fell out of it proves nothing. */
static void test_old_samples_are_gone(void **state)
{
	struct host_pauses *p = still_since_500(20000);
	struct host_sample now = { .cpu_ns = 250 * MS };
	int64_t kept_ms = (HOST_SAMPLES - 1) * 10;

	(void)state;
	assert_int_equal(host_pause_proved(p, now, kept_ms * MS, 0),
			 kept_ms * MS);
	assert_int_equal(host_pause_proved(p, now, (kept_ms + 1) * MS, 0), 0);
	free(p);
}

static int64_t own_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* This process is the emulator: it sleeps in one exit, works in the other. */
static void test_clocks_of_a_process(void **state)
{
	const struct event_vmexit exit = { .h.tsc = 7,
					   .handle_cycles = 100 * MS };
	const struct timespec pause = { .tv_nsec = 100 * MS };
	static struct host_pauses p;
	int64_t until;

	(void)state;
	host_pauses_begin(&p, getpid(), KHZ);
	assert_true(p.look_cycles <= exit.handle_cycles);
	nanosleep(&pause, NULL);
	host_pauses_drained(&p, clock_now_ns());
	assert_true(host_pauses_look(&p, &exit));
	assert_int_equal(p.exits, 1);
	assert_true(p.total_ns > 50 * MS && p.total_ns <= 100 * MS);
	assert_int_equal(p.longest_ns, p.total_ns);
	assert_int_equal(p.longest.h.tsc, 7);

	host_pauses_begin(&p, getpid(), KHZ);
	until = own_cpu_ns() + 100 * MS;
	while (own_cpu_ns() < until)
		;
	host_pauses_drained(&p, clock_now_ns());
	assert_false(host_pauses_look(&p, &exit));
	assert_int_equal(p.exits, 0);
}

static void test_only_the_cost_is_forgotten(void **state)
{
	struct event_vmexit exit, before;

	(void)state;
	memset(&exit, 0xff, sizeof(exit));
	exit.h.id = EVENT_VMEXIT;
	exit.cpl_known = EVENT_CPL(3) | EVENT_KNOWN_ALL;
	before = exit;
	host_pause_forget_cost(&exit);
	assert_false(event_knows(&exit.h, EVENT_KNOWN_COST));
	assert_int_equal(exit.handle_cycles, 0);
	assert_int_equal(exit.blocked_cycles, 0);
	exit.cpl_known |= EVENT_KNOWN_COST;
	exit.handle_cycles = before.handle_cycles;
	exit.blocked_cycles = before.blocked_cycles;
	assert_memory_equal(&exit, &before, sizeof(exit));
}

static void test_process_that_ended(void **state)
{
	const struct event_vmexit exit = { .handle_cycles = 100 * MS };
	static struct host_pauses p;
	pid_t child = fork();

	(void)state;
	if (!child) {
		pause();
		_exit(0);
	}
	host_pauses_begin(&p, child, KHZ);
	assert_true(p.look_cycles != UINT64_MAX);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_false(host_pauses_look(&p, &exit));
	assert_int_equal(p.exits, 0);
	assert_true(p.look_cycles == UINT64_MAX);
	host_pauses_drained(&p, clock_now_ns());

	host_pauses_begin(&p, 0, KHZ);
	assert_true(p.look_cycles == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_proved),
		cmocka_unit_test(test_pause_is_measured),
		cmocka_unit_test(test_old_samples_are_gone),
		cmocka_unit_test(test_clocks_of_a_process),
		cmocka_unit_test(test_only_the_cost_is_forgotten),
		cmocka_unit_test(test_process_that_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
