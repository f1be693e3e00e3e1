/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measuring a clock against the TSC.
 */
#include "vmm-core/cpu/clock.h"

#include "vmm-core/lib/x86.h"

/* looks at the beginning; every later look is paired with each of them */
#define FIRST_LOOKS 16
/* looks after which a clock that did not move is dead */
#define STILL_LOOKS 100000

struct look {
	u64 before, after;	/* TSC around the read */
	u32 count;
};

/* not before what precedes it, nor after what follows */
static u64 rdtsc_ordered(void)
{
	u64 tsc;

	asm volatile("lfence" : : : "memory");
	tsc = rdtsc();
	asm volatile("lfence" : : : "memory");
	return tsc;
}

static struct look clock_look(const struct clock *clock)
{
	struct look look;

	look.before = rdtsc_ordered();
	look.count = clock->read();
	look.after = rdtsc_ordered();
	return look;
}

static u32 ticks_between(const struct clock *clock, const struct look *a,
			 const struct look *b)
{
	u32 ticks = b->count - a->count;

	return (clock->down ? -ticks : ticks) & clock->mask;
}

static u64 ratio_of(u64 tsc, u32 ticks)
{
	return (u64)(((unsigned __int128)tsc << 32) / ticks);
}

/* A count of n says that between n - 1 and n + 1 ticks have passed. */
static void ratio_narrow(struct clock_ratio *ratio, const struct look *a,
			 const struct look *b, u32 ticks)
{
	u64 low, high;

	if (ticks < 2 || b->before <= a->after)
		return;
	low = ratio_of(b->before - a->after, ticks + 1);
	high = ratio_of(b->after - a->before, ticks - 1) + 1;
	if (low > ratio->low)
		ratio->low = low;
	if (high < ratio->high)
		ratio->high = high;
}

/* The two looks around a tick, which say best when it was. */
static int clock_look_around(const struct clock *clock, struct look around[2])
{
	around[1] = clock_look(clock);
	for (int i = 0; i < STILL_LOOKS; i++) {
		around[0] = around[1];
		around[1] = clock_look(clock);
		if (around[1].count != around[0].count)
			return 0;
	}
	return -ENODEV;
}

int clock_measure(const struct clock *clock, struct clock_ratio *ratio)
{
	struct look first[FIRST_LOOKS], look;
	u32 ticks = 0;

	*ratio = (struct clock_ratio){ 0, ~0ull };
	for (int i = 0; i < FIRST_LOOKS; i += 2)
		if (clock_look_around(clock, &first[i]))
			return -ENODEV;
	while (ticks < clock->ticks_max) {
		look = clock_look(clock);
		for (int i = 0; i < FIRST_LOOKS; i++) {
			ticks = ticks_between(clock, &first[i], &look);
			ratio_narrow(ratio, &first[i], &look, ticks);
		}
		if (ratio->low > ratio->high)
			return -EIO;
		if (ratio->high - ratio->low <= ratio->low >> clock->precision)
			break;
	}
	return 0;
}

u64 clock_round(u64 low, u64 high)
{
	u64 step = 1, round = low;

	/* the largest power of ten with a multiple in between */
	while (step <= high) {
		if (high / step * step >= low)
			round = high / step * step;
		step *= 10;
	}
	return round;
}
