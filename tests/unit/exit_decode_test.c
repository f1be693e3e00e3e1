/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tracer/event/exit_decode.h"

struct row {
	struct exit_words words;
	enum exit_reason reason;
	uint64_t detail;
	bool known;
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void rows_check(const struct row *rows, size_t count,
		       enum event_isa isa)
{
	for (size_t i = 0; i < count; i++) {
		struct event_vmexit ev = { .cpl_known = EVENT_KNOWN_RIP,
					   .rip = 0x1000 };
		struct exit_words w = rows[i].words;

		w.isa = isa;
		exit_decode(&ev, &w);
		assert_int_equal(ev.reason, rows[i].reason);
		assert_int_equal(ev.raw_code, w.code);
		assert_int_equal(EVENT_ISA(ev.isa_len), isa);
		assert_int_equal(!!(ev.cpl_known & EVENT_KNOWN_DETAIL),
				 rows[i].known);
		assert_int_equal(ev.detail, rows[i].detail);
	}
}

static void svm_exits_have_their_details(void **state)
{
	static const struct row rows[] = {
		{ { .code = 0x00, .has_info = true }, EXIT_CR_ACCESS, 0, true },
		{ { .code = 0x14, .has_info = true }, EXIT_CR_ACCESS,
		  4 | EVENT_DETAIL_WRITE, true },
		{ { .code = 0x65 }, EXIT_CR_ACCESS, EVENT_DETAIL_WRITE, true },
		{ { .code = 0x37 }, EXIT_DR_ACCESS, 7 | EVENT_DETAIL_WRITE,
		  true },
		{ { .code = 0x4e, .has_info = true, .info1 = 0x1f },
		  EXIT_EXCEPTION, 14 | 0x1full << 32, true },
		{ { .code = 0x4e }, EXIT_EXCEPTION, 0, false },
		{ { .code = 0x7b, .has_info = true, .info1 = 0x00700010 },
		  EXIT_IO, 0x70 | 1 << 16 | EVENT_DETAIL_WRITE, true },
		{ { .code = 0x7b, .has_info = true, .info1 = 0x0cfc004d },
		  EXIT_IO, 0xcfc | 4 << 16 | EVENT_DETAIL_STRING |
		  EVENT_DETAIL_REP, true },
		{ { .code = 0x7c, .has_info = true }, EXIT_MSR_READ, 0, false },
		{ { .code = 0x7c, .has_info = true, .info1 = 1 },
		  EXIT_MSR_WRITE, 0, false },
		{ { .code = 0x400, .has_info = true, .info1 = 0x100000014,
		    .info2 = 0xfffffff0 }, EXIT_NPF,
		  EVENT_NPF(0xfffffff0ull, EVENT_ACCESS_FETCH, 0), true },
		{ { .code = 0x400, .has_info = true, .info1 = 6, .info2 = 4096 },
		  EXIT_NPF, EVENT_NPF(4096ull, EVENT_ACCESS_WRITE, 0), true },
		{ { .code = 0x400 }, EXIT_NPF, 0, false },
		{ { .code = 0x72, .has_info = true, .info1 = 9 }, EXIT_CPUID,
		  0, false },
		{ { .code = 0x79, .has_info = true, .info1 = 0x5000 },
		  EXIT_INVLPG, 0x5000, true },
		{ { .code = 0x500, .has_info = true, .info1 = 3 },
		  EXIT_UNKNOWN, 3, true },
	};

	(void)state;
	rows_check(rows, ARRAY_SIZE(rows), ISA_SVM);
}

static void vmx_exits_have_their_details(void **state)
{
	static const struct row rows[] = {
		{ { .code = 0, .has_info = true, .intr_info = 0x80000b0e,
		    .error_code = 2 }, EXIT_EXCEPTION, 14 | 2ull << 32, true },
		{ { .code = 0, .has_info = true, .intr_info = 0x80000202 },
		  EXIT_NMI, 2, true },
		{ { .code = 1, .has_info = true, .intr_info = 0x800000ec },
		  EXIT_INTERRUPT, 0xec, true },
		{ { .code = 1, .has_info = true }, EXIT_INTERRUPT, 0, false },
		{ { .code = 28, .has_info = true, .info1 = 0x103 },
		  EXIT_CR_ACCESS, 3 | EVENT_DETAIL_WRITE, true },
		{ { .code = 28, .has_info = true, .info1 = 0x18 },
		  EXIT_CR_ACCESS, 8, true },
		{ { .code = 29, .has_info = true, .info1 = 0x17 },
		  EXIT_DR_ACCESS, 7, true },
		{ { .code = 30, .has_info = true, .info1 = 0x03f80000 },
		  EXIT_IO, 0x3f8 | 1 << 16 | EVENT_DETAIL_WRITE, true },
		{ { .code = 30, .has_info = true, .info1 = 0x0cfc003b },
		  EXIT_IO, 0xcfc | 4 << 16 | EVENT_DETAIL_STRING |
		  EVENT_DETAIL_REP, true },
		{ { .code = 30 }, EXIT_IO, 0, false },
		{ { .code = 32, .has_info = true }, EXIT_MSR_WRITE, 0, false },
		{ { .code = 48, .has_info = true, .info1 = 0x182 }, EXIT_NPF, 0,
		  false },
		{ { .code = 9, .has_info = true, .info1 = 0x40000028 },
		  EXIT_TASK_SWITCH, 0x28, true },
		{ { .code = 14, .has_info = true, .info1 = 0x7000 },
		  EXIT_INVLPG, 0x7000, true },
	};

	(void)state;
	rows_check(rows, ARRAY_SIZE(rows), ISA_VMX);
}

/* EXITINFO2 of an I/O instruction is where the guest goes on. */
static void length_of_an_instruction_is_kept(void **state)
{
	struct exit_words w = { .isa = ISA_SVM, .code = 0x7b, .has_info = true,
				.info1 = 0x700010, .info2 = 0xec18 };
	struct event_vmexit ev = { .cpl_known = EVENT_KNOWN_RIP,
				   .rip = 0xec16 };

	(void)state;
	exit_decode(&ev, &w);
	assert_int_equal(EVENT_INSN_LEN(ev.isa_len), 2);
	w.info2 = 5;
	exit_decode(&ev, &w);
	assert_int_equal(EVENT_INSN_LEN(ev.isa_len), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(svm_exits_have_their_details),
		cmocka_unit_test(vmx_exits_have_their_details),
		cmocka_unit_test(length_of_an_instruction_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
