/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members found in BTF, and bytes that are not BTF.
 */
#include "tracer/guest/btf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/btf_encoder.h"

/* Every kind in front of what is looked for, so that each must be skipped. */
static void add_other_kinds(struct btf_encoder *e)
{
	static const uint32_t some[16];
	static const struct { unsigned int kind, vlen, words; } kinds[] = {
		{ 1, 0, 1 }, { 2, 0, 0 }, { 3, 0, 3 }, { 6, 3, 6 },
		{ 7, 0, 0 }, { 8, 0, 0 }, { 9, 0, 0 }, { 10, 0, 0 },
		{ 11, 0, 0 }, { 12, 0, 0 }, { 13, 2, 4 }, { 14, 0, 1 },
		{ 15, 2, 6 }, { 16, 0, 0 }, { 17, 0, 1 }, { 18, 0, 0 },
		{ 19, 2, 6 },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		btf_add(e, kinds[i].kind, "task", kinds[i].vlen, 0);
		btf_words(e, kinds[i].words, some);
	}
}

/*
 * struct task { int a; union { struct { long b; } const; }; char c:3; };
 * c's place comes with its width, as kind_flag says.
 */
static size_t sample(uint8_t *out)
{
	struct btf_encoder e = { 0 };
	uint32_t inner, middle, constant;
	uint32_t bit_field[3];

	add_other_kinds(&e);
	inner = btf_add(&e, KIND_STRUCT, "", 1, 8);
	btf_add_member(&e, "b", 1, 4);
	constant = btf_add(&e, KIND_CONST, "", 0, inner);
	middle = btf_add(&e, KIND_UNION, "", 2, 16);
	btf_add_member(&e, "other", 1, 0);
	btf_add_member(&e, "", constant, 4);
	btf_add(&e, KIND_STRUCT, "task", 3, 48);
	e.type[e.type_bytes - 5] |= 0x80;	/* kind_flag */
	btf_add_member(&e, "a", 1, 0);
	btf_add_member(&e, "", middle, 8);
	bit_field[0] = btf_string(&e, "c");
	bit_field[1] = 1;
	bit_field[2] = 3 << 24 | 40 * 8;
	btf_words(&e, 3, bit_field);
	btf_add(&e, KIND_STRUCT, "task", 1, 99);
	btf_add_member(&e, "late", 1, 77);
	return btf_write(&e, out);
}

static void members_are_found(void **state)
{
	uint8_t btf[16384];
	size_t bytes = sample(btf);
	struct btf_member w[] = {
		{ .type = "task", .name = "a" },
		{ .type = "task", .name = "b" },
		{ .type = "task", .name = "c" },
		{ .type = "task" },
		{ .type = "task", .name = "absent" },
		{ .type = "absent", .name = "a" },
	};

	(void)state;
	assert_int_equal(btf_find(btf, bytes, w, 6), 0);
	assert_true(w[0].found && w[1].found && w[2].found && w[3].found);
	assert_false(w[4].found || w[5].found);
	assert_int_equal(w[0].offset, 0);
	assert_int_equal(w[1].offset, 16);
	assert_int_equal(w[2].offset, 40);
	assert_int_equal(w[3].type_bytes, 48);
}

static void what_is_no_btf_is_refused(void **state)
{
	uint8_t btf[16384];
	size_t bytes = sample(btf);
	uint32_t huge = 0xfffffff0;
	struct btf_member w = { .type = "task", .name = "a" };

	(void)state;
	for (size_t n = 0; n < BTF_HEADER_BYTES; n++)
		assert_int_equal(btf_find(btf, n, &w, 1), -EINVAL);
	assert_int_equal(btf_find(btf, bytes - 1, &w, 1), -EINVAL);
	for (int field = 1; field < 6; field++) {
		sample(btf);
		memcpy(btf + field * 4, &huge, 4);
		assert_int_equal(btf_find(btf, bytes, &w, 1), -EINVAL);
	}
	sample(btf);
	btf[0] ^= 1;
	assert_int_equal(btf_find(btf, bytes, &w, 1), -EINVAL);
	assert_false(w.found);
}

/* A struct that holds itself, without a name, many times over. */
static void endless_nesting_ends(void **state)
{
	struct btf_encoder e = { 0 };
	uint8_t btf[16384];
	struct btf_member w = { .type = "task", .name = "absent" };

	(void)state;
	btf_add(&e, KIND_STRUCT, "task", 200, 8);
	for (int i = 0; i < 200; i++)
		btf_add_member(&e, "", 1 + i % 3, 0);
	btf_add(&e, KIND_TYPEDEF, "", 0, 3);
	btf_add(&e, KIND_TYPEDEF, "", 0, 2);
	assert_int_equal(btf_find(btf, btf_write(&e, btf), &w, 1), 0);
	assert_false(w.found);
}

static void noise_does_no_harm(void **state)
{
	static uint8_t whole[16384];
	size_t bytes = sample(whole);
	unsigned int seed = 11;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint8_t *btf = malloc(bytes);	/* exactly: for the sanitizer */
		struct btf_member w[] = {
			{ .type = "task", .name = "b" },
			{ .type = "task", .name = "absent" },
		};

		memcpy(btf, whole, bytes);
		for (int flips = rand_r(&seed) % 4; flips >= 0; flips--)
			btf[4 + rand_r(&seed) % (bytes - 4)] = rand_r(&seed);
		btf_find(btf, bytes, w, 2);
		free(btf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found),
		cmocka_unit_test(what_is_no_btf_is_refused),
		cmocka_unit_test(endless_nesting_ends),
		cmocka_unit_test(noise_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
