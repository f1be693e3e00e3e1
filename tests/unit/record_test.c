/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hot record: every field of it, and no byte left as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vmm-core/trace/record.h"

static struct event_vmexit record_made(const struct exit_info *exit,
				       enum event_isa isa, u64 end_tsc,
				       u64 blocked_cycles)
{
	struct ring *ring = aligned_alloc(4096, RING_BYTES(RING_SLOTS_MIN));
	struct event_vmexit made;

	/* old bytes must not shine through */
	memset(ring, 0xa5, RING_BYTES(RING_SLOTS_MIN));
	ring_init(ring, 0, RING_SLOTS_MIN);
	ring->written = 0x500000007ull;
	record_vmexit(ring, 3, 21, exit, isa, end_tsc, blocked_cycles);
	memcpy(&made, (u8 *)ring + RING_DATA_OFFSET, sizeof(made));
	assert_int_equal(ring->head, 1);
	assert_int_equal(ring->written, 0x500000008ull);
	free(ring);
	return made;
}

static void every_field_is_right(void **state)
{
	const struct exit_info exit = {
		.tsc = 1000, .rip = 0x1111111111111111ull, .cr3 = 0x2222,
		.detail = 0x3333333333333333ull, .raw_code = 0x44444444,
		.reason = EXIT_NPF, .asid = 0x6666, .cpl = 3, .insn_len = 15,
	};
	const struct event_vmexit want = {
		.h = { .tsc = 1000, .seq = 7, .id = EVENT_VMEXIT, .slots = 1,
		       .vm = 3 },
		.vcpu = 21, .reason = EXIT_NPF, .asid = 0x6666,
		.cpl_known = 3 | EVENT_KNOWN_ALL,
		.isa_len = EVENT_ISA_LEN(ISA_VMX, 15),
		.handle_cycles = 400, .raw_code = 0x44444444,
		.blocked_cycles = 100, .rip = 0x1111111111111111ull,
		.cr3 = 0x2222, .detail = 0x3333333333333333ull,
	};
	struct event_vmexit made = record_made(&exit, ISA_VMX, 1500, 100);

	(void)state;
	assert_memory_equal(&made, &want, sizeof(want));
}

static void lengths_do_not_spill(void **state)
{
	struct exit_info exit = { .cpl = 0xfe, .insn_len = 0xff };
	struct event_vmexit made = record_made(&exit, ISA_SVM, 0, 0);

	(void)state;
	assert_int_equal(made.cpl_known, 2 | EVENT_KNOWN_ALL);
	assert_int_equal(made.isa_len, EVENT_ISA_LEN(ISA_SVM, 15));
	exit.insn_len = 0;
	made = record_made(&exit, ISA_SVM, 0, 0);
	assert_int_equal(made.isa_len, EVENT_ISA_LEN(ISA_SVM, 0));
}

static void cycles_saturate(void **state)
{
	const struct exit_info exit = { .tsc = 5 };
	const u64 max = 0xffffffff;

	(void)state;
	assert_int_equal(record_made(&exit, ISA_SVM, 5, 0).handle_cycles, 0);
	assert_int_equal(record_made(&exit, ISA_SVM, 5 + max - 1, 0)
			 .handle_cycles, max - 1);
	assert_int_equal(record_made(&exit, ISA_SVM, 5 + max, 0)
			 .handle_cycles, max);
	assert_int_equal(record_made(&exit, ISA_SVM, 6 + max, 0)
			 .handle_cycles, max);
	assert_int_equal(record_made(&exit, ISA_SVM, 6 + max, 2)
			 .handle_cycles, max - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_right),
		cmocka_unit_test(lengths_do_not_spill),
		cmocka_unit_test(cycles_saturate),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
