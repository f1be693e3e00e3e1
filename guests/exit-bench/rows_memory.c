/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of exit-bench about memory: what the first touch of a page costs
 * where the hypervisor fills its nested tables only then.
 *
 * It may do so by 4 KiB or by 2 MiB, and only one of the two can be
 * measured. Which one it is, is tried: if the first touch of 2 MiB has
 * brought the next page, too, that one's first touch is cheap.
 */
#include "guests/exit-bench/exit_bench.h"

#include "guests/runtime/guest.h"
#include "guests/runtime/loader.h"
#include "vmm-core/lib/x86.h"

#define MIB		(1ull << 20)
#define PAGE		4096ull
#define LARGE_PAGE	(2 * MIB)
/* beyond what loaders and firmware touch */
#define TRY_FROM	(48 * MIB)
#define TRIES		15
#define TOUCH_FROM	(TRY_FROM + TRIES * LARGE_PAGE)
/* 100 samples of 2 MiB, what warms up, and some more */
#define TOUCH_END	(TOUCH_FROM + 125 * LARGE_PAGE)
/* A page that is there costs less than a fault by so much. */
#define FAULT_RATIO	4
#define ECX1_HYPERVISOR	BIT(31)

static u64 next_page = TOUCH_FROM;

static u64 touch(u64 address)
{
	u64 start = bench_tsc();

	*(volatile u8 *)address = 1;
	return bench_tsc() - start;
}

/* Most of the tries decide: a host does not find 2 MiB every time. */
static bool large_pages(void)
{
	static unsigned int tries, cheap;

	for (; tries < TRIES; tries++) {
		u64 at = TRY_FROM + tries * LARGE_PAGE;
		u64 first = touch(at);

		cheap += touch(at + PAGE) < first / FAULT_RATIO;
	}
	return cheap > TRIES / 2;
}

static const char *lazy_valid(void)
{
	if (guest_core_is_here())
		return "nested tables are filled before the guest starts";
	if (!(cpuid(1, 0).ecx & ECX1_HYPERVISOR))
		return "no hypervisor, no nested tables";
	if (loader_memory_end() < TOUCH_END)
		return "the guest has less than 328 MiB of RAM";
	return NULL;
}

static const char *touch_4k_valid(void)
{
	const char *why = lazy_valid();

	if (why)
		return why;
	return large_pages() ? "the hypervisor maps 2 MiB at a time" : NULL;
}

static const char *touch_2m_valid(void)
{
	const char *why = lazy_valid();

	if (why)
		return why;
	return large_pages() ? NULL : "the hypervisor maps 4 KiB at a time";
}

static u64 run_touch(u64 bytes)
{
	u64 page = next_page;

	/* a page twice would be no first touch */
	next_page += bytes;
	if (next_page > TOUCH_END)
		bench_failure = "more samples than memory";
	return bench_failure ? 0 : touch(page);
}

static u64 run_touch_4k(void)
{
	return run_touch(PAGE);
}

static u64 run_touch_2m(void)
{
	return run_touch(LARGE_PAGE);
}

const struct bench_row bench_rows_memory[] = {
	{ .name = "first-touch-4k", .valid = touch_4k_valid,
	  .run = run_touch_4k },
	{ .name = "first-touch-2m", .valid = touch_2m_valid,
	  .run = run_touch_2m, .samples = BENCH_SAMPLES_SLOW },
	{ 0 }
};
