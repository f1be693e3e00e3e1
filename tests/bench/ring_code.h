/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The code that ring_bench.c measures, compiled with the core's flags.
 */
#ifndef TESTS_BENCH_RING_CODE_H
#define TESTS_BENCH_RING_CODE_H

#include "vmm-core/abi/ring.h"
#include "vmm-core/trace/exit_info.h"

/* One record, as the core's trace_vmexit() makes it. */
void ring_record(struct ring *ring, u16 vm, u16 vcpu,
		 const struct exit_info *exit, u64 end_tsc, u64 blocked_cycles);
/* That many times: read the TSC, make the record. */
void ring_records(struct ring *ring, const struct exit_info *exit, u64 count);
/* That many times: read the TSC, store 64 bytes into the next slot. */
void ring_bare_stores(struct ring *ring, u64 count);

#endif
