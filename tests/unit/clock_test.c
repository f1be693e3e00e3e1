/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measuring clocks against the TSC: the bounds hold the truth however
 * unsteady the machine is, and are tight when it is steady.
 */
/* the core's own file: no hosted library has it */
#include "vmm-core/cpu/clock.c"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/* the made-up clock: one tick is so many TSC ticks */
#define TICK_TSC	700ull
#define MASK		0xffffff
#define TRUTH		(TICK_TSC << 32)

static u64 start_tsc;
static unsigned int pause_one_in;	/* reads; 0: never */

/* like a host that takes the CPU away, before the read and after it */
static void pause_perhaps(void)
{
	u64 end = rdtsc();

	if (pause_one_in && !((unsigned int)rand() % pause_one_in))
		end += (u64)rand() % 2000000;
	while (rdtsc() < end)
		;
}

static u32 read_steady(void)
{
	u32 ticks;

	pause_perhaps();
	/* soon wraps */
	ticks = (u32)(MASK - 1000 + (rdtsc() - start_tsc) / TICK_TSC) & MASK;
	pause_perhaps();
	return ticks;
}

static u32 read_down(void)
{
	return (MASK - read_steady()) & MASK;
}

static u32 read_still(void)
{
	return 42;
}

/* twice as fast after a while */
static u32 read_unsteady(void)
{
	u64 tsc = rdtsc() - start_tsc;

	if (tsc > 2000000)
		tsc += tsc - 2000000;
	return (u32)(tsc / TICK_TSC) & MASK;
}

static int measure(u32 (*read)(void), bool down, struct clock_ratio *ratio)
{
	const struct clock clock = {
		.read = read,
		.mask = MASK,
		.down = down,
		.ticks_max = 100000,
		.precision = 12,
	};

	start_tsc = rdtsc();
	return clock_measure(&clock, ratio);
}

static void check_truth(const struct clock_ratio *ratio)
{
	if (ratio->low > TRUTH || ratio->high < TRUTH)
		fail_msg("%llu is not in %llu to %llu", TRUTH, ratio->low,
			 ratio->high);
}

static void steady_is_tight(void **state)
{
	struct clock_ratio ratio;

	(void)state;
	pause_one_in = 0;
	/* a busy host may take the CPU away for all of one measurement */
	for (int i = 0; i < 10; i++) {
		assert_int_equal(measure(read_steady, false, &ratio), 0);
		check_truth(&ratio);
		if (ratio.high - ratio.low <= ratio.low >> 12)
			return;
	}
	fail_msg("%llu to %llu is too wide", ratio.low, ratio.high);
}

static void down_is_as_good(void **state)
{
	struct clock_ratio ratio;

	(void)state;
	pause_one_in = 0;
	assert_int_equal(measure(read_down, true, &ratio), 0);
	check_truth(&ratio);
}

static void pauses_do_not_shift_it(void **state)
{
	struct clock_ratio ratio;

	(void)state;
	srand(1);
	for (unsigned int i = 2; i < 12; i++) {
		pause_one_in = i;
		assert_int_equal(measure(read_steady, false, &ratio), 0);
		check_truth(&ratio);
	}
}

static void still_is_found_out(void **state)
{
	struct clock_ratio ratio;

	(void)state;
	assert_int_equal(measure(read_still, false, &ratio), -ENODEV);
}

static void unsteady_is_found_out(void **state)
{
	const struct clock clock = {
		.read = read_unsteady,
		.mask = MASK,
		.ticks_max = 1000000,
		/* never reached: it must look on */
		.precision = 30,
	};
	struct clock_ratio ratio;

	(void)state;
	start_tsc = rdtsc();
	assert_int_equal(clock_measure(&clock, &ratio), -EIO);
}

static void roundest_number_inside(void **state)
{
	(void)state;
	assert_int_equal(clock_round(999998, 1000003), 1000000);
	assert_int_equal(clock_round(2499952, 2500024), 2500000);
	assert_int_equal(clock_round(2494130, 2494148), 2494140);
	assert_int_equal(clock_round(2494141, 2494148), 2494148);
	assert_int_equal(clock_round(2494141, 2494141), 2494141);
	assert_int_equal(clock_round(1, 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steady_is_tight),
		cmocka_unit_test(down_is_as_good),
		cmocka_unit_test(pauses_do_not_shift_it),
		cmocka_unit_test(still_is_found_out),
		cmocka_unit_test(unsteady_is_found_out),
		cmocka_unit_test(roundest_number_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
