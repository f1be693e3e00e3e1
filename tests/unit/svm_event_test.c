/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events as the VMCB has them: what goes in comes out as the same if an exit
 * breaks it off, and what an instruction raised is known as that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vmm-core/svm/event.h"

static void what_is_injected_is_recognized(void **state)
{
	static const struct guest_event events[] = {
		{ .type = GUEST_EVENT_IRQ, .vector = 0xef },
		{ .type = GUEST_EVENT_NMI, .vector = VECTOR_NMI },
		{ .type = GUEST_EVENT_EXCEPTION, .vector = VECTOR_UD },
		{ .type = GUEST_EVENT_EXCEPTION, .vector = VECTOR_GP,
		  .has_error = true },
		{ .type = GUEST_EVENT_EXCEPTION, .vector = VECTOR_PF,
		  .has_error = true, .error = 0x80000015,
		  .cr2 = 0xffff800000001234 },
	};
	static struct vmcb vmcb;

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(events); i++) {
		struct guest_event out;

		vmcb.exitintinfo = svm_event_encode(events[i]);
		assert_true(vmcb.exitintinfo & EVENT_VALID);
		vmcb.cr2 = events[i].cr2;
		out = svm_event_decode(&vmcb);
		assert_int_equal(out.type, events[i].type);
		assert_int_equal(out.vector, events[i].vector);
		assert_int_equal(out.has_error, events[i].has_error);
		assert_int_equal(out.error, events[i].error);
		assert_int_equal(out.cr2, events[i].cr2);
	}
}

static void words_of_the_manual(void **state)
{
	static const struct { u64 word; u8 type; } rows[] = {
		{ 0x80000040, GUEST_EVENT_IRQ },
		{ 0x80000202, GUEST_EVENT_NMI },
		{ 0x80000306, GUEST_EVENT_EXCEPTION },
		{ 0x80000b0d, GUEST_EVENT_EXCEPTION },
		{ 0x80000480, GUEST_EVENT_SOFT },	/* INT n */
		{ 0x80000403, GUEST_EVENT_SOFT },
		{ 0x80000303, GUEST_EVENT_SOFT },	/* INT3 */
		{ 0x80000304, GUEST_EVENT_SOFT },	/* INTO */
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(svm_event_type(rows[i].word), rows[i].type);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_injected_is_recognized),
		cmocka_unit_test(words_of_the_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
