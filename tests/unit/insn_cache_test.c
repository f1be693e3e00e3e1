/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoded instructions that are kept: as long as the bytes are the same.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/exit/insn.c"
#include "vmm-core/exit/insn_cache.c"
#include "vmm-core/exit/insn_decode.c"
#include "vmm-core/exit/insn_rows.c"

#define RIP 0x1234

static const struct insn *cached(const char *code, size_t n, u8 code_bits)
{
	union insn_bytes bytes = { .word = { 0 } };

	memcpy(bytes.byte, code, n);
	return insn_cached(&bytes, INSN_BYTES_MAX, code_bits, RIP);
}

static void the_same_bytes_are_the_same_instruction(void **state)
{
	const struct insn *first = cached("\x8b\x03", 2, 64), *again;

	(void)state;
	assert_int_equal(first->op, INSN_MOV);
	/* a mark that decoding would take away */
	((struct insn *)(u64)first)->immediate = 77;
	again = cached("\x8b\x03", 2, 64);
	assert_ptr_equal(first, again);
	assert_int_equal(again->immediate, 77);
}

static void what_differs_is_decoded_anew(void **state)
{
	(void)state;
	assert_int_equal(cached("\x8b\x03", 2, 64)->reg, RAX);
	assert_int_equal(cached("\x8b\x0b", 2, 64)->reg, RCX);
	assert_int_equal(cached("\x8b\x0b", 2, 64)->address.bits, 64);
	assert_int_equal(cached("\x8b\x0b", 2, 32)->address.bits, 32);
	assert_null(cached("\xc5\xf8\x10\x00", 4, 64));
	assert_null(cached("\xc5\xf8\x10\x00", 4, 64));
	assert_int_equal(cached("\x8b\x0b", 2, 64)->reg, RCX);
}

/* The rest of the bytes was not there, and may be any later. */
static void parts_are_not_kept(void **state)
{
	union insn_bytes bytes = { .word = { 0 } };

	(void)state;
	memcpy(bytes.byte, "\x8b\x43\x08", 3);
	assert_non_null(insn_cached(&bytes, 3, 64, RIP));
	assert_null(insn_cached(&bytes, 2, 64, RIP));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_bytes_are_the_same_instruction),
		cmocka_unit_test(what_differs_is_decoded_anew),
		cmocka_unit_test(parts_are_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
