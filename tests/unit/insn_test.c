/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's instruction decoder against Zydis, on random bytes.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/insn_oracle.h"
#include "tests/random.h"

#define ROUNDS 1500000

/* Random, but mostly of the shape that matters. */
static void random_insn(u8 *bytes)
{
	static const u8 prefixes[] = {
		0x66, 0x66, 0x67, 0xf2, 0xf3, 0xf3, 0xf0, 0x2e, 0x64, 0x65,
		0x40, 0x44, 0x48, 0x4f, 0x41,
	};
	u64 chance = random_next();
	int at = 0;

	for (int i = 0; i < INSN_BYTES_MAX; i++)
		bytes[i] = (u8)random_next();
	for (; chance % 3 == 0 && at < 4; chance /= 3)
		bytes[at++] = prefixes[random_next() % sizeof(prefixes)];
	if (chance % 2)
		bytes[at++] = 0x0f;
	if (chance % 16 == 1)
		bytes[at] = 0x38;
}

static void instructions_mean_what_zydis_says(void **state)
{
	static const u8 modes[] = { 16, 32, 64 };
	static unsigned int seen[INSN_OPS];
	unsigned int accepted = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		u8 bytes[INSN_BYTES_MAX], bits = modes[i % 3];
		const char *differs;
		struct insn insn;
		bool ours;

		random_insn(bytes);
		differs = oracle_differs(bytes, sizeof(bytes), bits, &ours);
		if (differs) {
			print_error("%s, %u bits:", differs, bits);
			for (int n = 0; n < INSN_BYTES_MAX; n++)
				print_error(" %02x", bytes[n]);
			print_error("\n");
			fail();
		}
		accepted += ours;
		if (ours && insn_decode(bytes, sizeof(bytes), bits, &insn))
			seen[insn.op]++;
	}
	assert_true(accepted > ROUNDS / 20);
	for (int op = 0; op < INSN_OPS; op++)
		assert_true(seen[op] > 10);
}

/* Each says in its first byte which prefix it is; none may be a move. */
static void vector_extensions_are_refused(void **state)
{
	static const u8 vmovups[] = { 0xc5, 0xf8, 0x10, 0x00 };
	static const u8 vmovdqa[] = { 0xc4, 0xc1, 0x79, 0x6f, 0x00 };
	static const u8 evex[] = { 0x62, 0xf1, 0x7c, 0x48, 0x10, 0x00 };
	struct insn insn;

	(void)state;
	assert_false(insn_decode(vmovups, sizeof(vmovups), 64, &insn));
	assert_false(insn_decode(vmovdqa, sizeof(vmovdqa), 64, &insn));
	assert_false(insn_decode(evex, sizeof(evex), 64, &insn));
}

static void control_register_moves_mean_what_zydis_says(void **state)
{
	unsigned int accepted = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		u8 bytes[INSN_BYTES_MAX];
		struct insn_mov_cr mov;
		struct oracle o;

		random_insn(bytes);
		if (i & 1) {
			bytes[0] = 0x40 | (random_next() & 15);
			bytes[1] = 0x0f;
			bytes[2] = i & 2 ? 0x20 : 0x22;
		}
		mov = insn_mov_cr(bytes, sizeof(bytes), 64);
		if (!oracle_decode(64, bytes, sizeof(bytes), &o) ||
		    o.insn.mnemonic != ZYDIS_MNEMONIC_MOV ||
		    o.insn.opcode_map != ZYDIS_OPCODE_MAP_0F ||
		    (o.insn.opcode & ~2) != 0x20)
			continue;
		assert_int_equal(mov.len, o.insn.length);
		assert_int_equal(mov.write, o.insn.opcode == 0x22);
		assert_int_equal(mov.cr, ZydisRegisterGetId(
			o.op[mov.write ? 0 : 1].reg.value));
		assert_int_equal(mov.gpr, ZydisRegisterGetId(
			o.op[mov.write ? 1 : 0].reg.value));
		accepted++;
	}
	assert_true(accepted > 1000);
}

static void short_input_is_refused(void **state)
{
	static const u8 mov[] = { 0x48, 0xc7, 0x84, 0x24, 1, 2, 3, 4,
				  5, 6, 7, 8 };

	struct insn insn;

	(void)state;
	for (size_t n = 0; n < sizeof(mov); n++)
		assert_false(insn_decode(mov, n, 64, &insn));
	assert_true(insn_decode(mov, sizeof(mov), 64, &insn));
	assert_int_equal(insn.len, sizeof(mov));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions_mean_what_zydis_says),
		cmocka_unit_test(vector_extensions_are_refused),
		cmocka_unit_test(control_register_moves_mean_what_zydis_says),
		cmocka_unit_test(short_input_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
