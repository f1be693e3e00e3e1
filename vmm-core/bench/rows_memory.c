/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of exit-bench about memory: what the first touch of a page costs
 * where the hypervisor fills its nested tables only then.
 */
#include "vmm-core/bench/exit_bench.h"

#include "vmm-core/bench/guest.h"
#include "vmm-core/bench/loader.h"
#include "vmm-core/lib/x86.h"

/* beyond what loaders and firmware touch, well below where PCs end */
#define TOUCH_FROM	(48ull << 20)
#define TOUCH_END	(TOUCH_FROM + (8ull << 20))
#define PAGE		4096
#define ECX1_HYPERVISOR	BIT(31)

static u64 next_page = TOUCH_FROM;

static const char *touch_valid(void)
{
	if (guest_core_is_here())
		return "nested tables are filled before the guest starts";
	if (!(cpuid(1, 0).ecx & ECX1_HYPERVISOR))
		return "no hypervisor, no nested tables";
	if (loader_memory_end() < TOUCH_END)
		return "the guest has less than 56 MiB of RAM";
	return NULL;
}

static u64 run_touch(void)
{
	volatile u8 *page = (volatile u8 *)next_page;
	u64 start;

	/* a page twice would be no first touch */
	if (next_page < TOUCH_END)
		next_page += PAGE;
	start = bench_tsc();
	*page = 1;
	return bench_tsc() - start;
}

const struct bench_row bench_rows_memory[] = {
	{ .name = "first-touch-4k", .valid = touch_valid, .run = run_touch },
	{ 0 }
};
