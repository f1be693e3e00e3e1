/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XMM registers by their number: each is the one it says. The compiler may
 * use them between two calls, so only a call and the next are compared.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "vmm-core/exit/xmm.c"

#define EACH_NUMBER(N)							\
	N(0) N(1) N(2) N(3) N(4) N(5) N(6) N(7)				\
	N(8) N(9) N(10) N(11) N(12) N(13) N(14) N(15)

static void each_register_is_its_own(void **state)
{
	union insn_value value = { .word = { 0x1122334455667788, 0x99 } };
	union insn_value got, expect;

	(void)state;
#define CHECK(n)							\
	value.word[0] = n;						\
	xmm_write(n, &value);						\
	asm volatile("movdqu %%xmm" #n ", %0" : "=m"(got));		\
	assert_memory_equal(&got, &value, sizeof(got));			\
	expect.word[0] = ~(u64)n;					\
	expect.word[1] = n;						\
	asm volatile("movdqu %0, %%xmm" #n				\
		     : : "m"(expect) : "xmm" #n);			\
	xmm_read(n, &got);						\
	assert_memory_equal(&got, &expect, sizeof(got));
	EACH_NUMBER(CHECK)
#undef CHECK
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_register_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
