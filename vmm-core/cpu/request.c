/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posting requests to the CPU that runs a vCPU.
 */
#include "vmm-core/cpu/request.h"

#include "vmm-core/cpu/cpu.h"

#define SIPI_ALL	(REQUEST_SIPI | 0xff000000u)

/*
 * Sets bits after clearing others, in one step, and kicks for what is new.
 * A request that waits already is written once more: only so does the CPU
 * that takes it see what its poster wrote before.
 */
static void requests_change(struct requests *r, u32 clear, u32 set)
{
	u32 old = requests_waiting(r);

	/* release: what belongs to the request comes before it; partner:
	 * requests_take() */
	while (!__atomic_compare_exchange_n(&r->mask, &old,
					    (old & ~clear) | set, true,
					    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
	if (set & ~old && r->cpu != this_cpu())
		cpu_kick(r->cpu);
}

void request_post(struct requests *r, enum request what)
{
	requests_change(r, what == REQUEST_INIT ? SIPI_ALL : 0, what);
}

void request_post_sipi(struct requests *r, u8 vector)
{
	if (!(requests_waiting(r) & REQUEST_SIPI))
		requests_change(r, SIPI_ALL, REQUEST_SIPI | (u32)vector << 24);
}
