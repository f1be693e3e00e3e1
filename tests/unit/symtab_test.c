/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Symbols by address: which name wins, where a function ends, and texts
 * that no kernel would write.
 */
#include "tracer/symbol/symtab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct symtab *table(const char *text, size_t bad_expected)
{
	size_t bad = ~(size_t)0;
	struct symtab *t = symtab_from_kallsyms(text, strlen(text), &bad);

	assert_non_null(t);
	assert_int_equal(bad, bad_expected);
	return t;
}

static void check_name(const struct symtab *t, uint64_t address,
		       const char *name)
{
	const struct symbol *s = symtab_lookup(t, address);

	if (!name) {
		assert_null(s);
		return;
	}
	assert_non_null(s);
	assert_string_equal(s->name, name);
	assert_in_range(address, s->address, s->address + s->size - 1);
}

static void function_holds_its_addresses(void **state)
{
	struct symtab *t = table(
		"ffffffff81000000 T first\n"
		"ffffffff81000010 t second\n"
		"ffffffff81000040 W third\n"
		"ffffffff81000080 D data\n", 0);

	(void)state;
	assert_int_equal(symtab_count(t), 3);
	check_name(t, 0xffffffff80ffffffull, NULL);
	check_name(t, 0xffffffff81000000ull, "first");
	check_name(t, 0xffffffff8100000full, "first");
	check_name(t, 0xffffffff81000010ull, "second");
	check_name(t, 0xffffffff8100003full, "second");
	check_name(t, 0xffffffff81000040ull, "third");
	check_name(t, 0xffffffff8100007full, "third");
	check_name(t, 0xffffffff81000080ull, NULL);
	check_name(t, 0, NULL);
	check_name(t, ~0ull, NULL);
	assert_int_equal(symtab_lookup(t, 0xffffffff81000011ull)->type, 't');
	assert_int_equal(symtab_lookup(t, 0xffffffff81000011ull)->size, 0x30);
	symtab_free(t);
}

static void order_of_lines_does_not_matter(void **state)
{
	struct symtab *t = table("3000 T c\n1000 T a\n2000 T b\n", 0);

	(void)state;
	check_name(t, 0x1fff, "a");
	check_name(t, 0x2fff, "b");
	check_name(t, 0x3000, "c");
	symtab_free(t);
}

static void global_beats_local_beats_weak(void **state)
{
	struct symtab *t = table(
		"1000 W weak\n1000 t local\n1000 T global\n1000 T later\n"
		"2000 w weak2\n2000 t local2\n2000 t later2\n"
		"3000 W weak3\n3000 w later3\n"
		"4000 T _stext\n4000 T _text\n4000 t beside\n"
		"5000 d data\n5000 T __sched_text_start\n5000 T function\n"
		"6000 T _text\n", 0);

	(void)state;
	check_name(t, 0x1000, "global");
	check_name(t, 0x2000, "local2");
	check_name(t, 0x3000, "weak3");
	check_name(t, 0x4000, "beside");
	check_name(t, 0x5000, "function");
	check_name(t, 0x6000, "_text");
	symtab_free(t);
}

static void text_ends_where_it_ends(void **state)
{
	struct symtab *t = table(
		"ffffffff81000000 T last\n"
		"ffffffff81000123 T _etext\n"
		"ffffffff81200000 D __start_rodata\n"
		"ffffffff81400000 t last_init\n"
		"ffffffff81400100 T _einittext\n"
		"ffffffff81500000 T __lock_text_end\n", 0);

	(void)state;
	check_name(t, 0xffffffff81000122ull, "last");
	check_name(t, 0xffffffff81000123ull, NULL);
	check_name(t, 0xffffffff81001000ull, NULL);
	check_name(t, 0xffffffff814000ffull, "last_init");
	check_name(t, 0xffffffff81400100ull, NULL);
	check_name(t, 0xffffffff81500000ull, NULL);
	symtab_free(t);
}

/* A module's last function may not own what lies between two modules. */
static void function_does_not_reach_another_module(void **state)
{
	struct symtab *t = table(
		"ffffffff81000000 T lonely\n"
		"ffffffff82000000 D far\n"
		"ffffffffc0001ff0 t a_last\t[a]\n"
		"ffffffffc0010000 t b_first\t[b]\n"
		"ffffffffc0010100 t b_last\t[b]\n", 0);
	const struct symbol *s = symtab_lookup(t, 0xffffffffc0001ff8ull);

	(void)state;
	assert_string_equal(s->module, "a");
	check_name(t, 0xffffffffc0002000ull, "a_last");
	check_name(t, 0xffffffffc0003000ull, NULL);
	check_name(t, 0xffffffffc00100ffull, "b_first");
	check_name(t, 0xffffffffc0012000ull, NULL);
	check_name(t, 0xffffffff81000fffull, "lonely");
	check_name(t, 0xffffffff81100000ull, NULL);
	assert_null(symtab_lookup(t, 0xffffffff81000000ull)->module);
	symtab_free(t);
}

static void hidden_addresses_hold_nothing(void **state)
{
	struct symtab *t = table("0000000000000000 T a\n"
				 "0000000000000000 A b\n", 0);

	(void)state;
	assert_int_equal(symtab_count(t), 0);
	check_name(t, 0, NULL);
	check_name(t, 0x10, NULL);
	symtab_free(t);
}

static void last_symbol_of_all_ends(void **state)
{
	struct symtab *t = table("fffffffffffffff8 T end\n", 0);

	(void)state;
	check_name(t, ~0ull, "end");
	check_name(t, 7, NULL);
	symtab_free(t);
}

static void bad_lines_are_counted_and_left_out(void **state)
{
	static const char *const bad[] = {
		"", " ", "x", "1000", "1000 ", "1000 T", "1000 T ", "T name",
		"10000000000000000 T too_long", "g000 T name", "1000  T name",
		"1000 T name with_space", "1000 T name\t", "1000 T name\t[",
		"1000 T name\t[]", "1000 T name\tmodule", "1000 T na\x01me",
		"1000 T name\t[m] ", "1000 \t name", "1000 T \t[m]",
		"1000 T name\t[m]\t[m]", "\xff\xff", "-1000 T name",
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct symtab *t;

		snprintf(text, sizeof(text), "%s\n2000 T good\n%s\n", bad[i],
			 bad[i]);
		t = table(text, 2);
		assert_int_equal(symtab_count(t), 1);
		check_name(t, 0x2000, "good");
		check_name(t, 0x1000, NULL);
		symtab_free(t);
	}
}

static void text_needs_no_last_newline(void **state)
{
	static const char text[] = "1000 T a\n2000 T b\t[m]XX";
	struct symtab *t = symtab_from_kallsyms(text, strlen(text) - 2, NULL);

	(void)state;
	assert_non_null(t);
	check_name(t, 0x2000, "b");
	assert_string_equal(symtab_lookup(t, 0x2000)->module, "m");
	symtab_free(t);
	t = symtab_from_kallsyms(text, 0, NULL);
	assert_non_null(t);
	assert_int_equal(symtab_count(t), 0);
	symtab_free(t);
	symtab_free(NULL);
}

static void nul_bytes_are_no_names(void **state)
{
	static const char text[] = "1000 T a\0b\n2000 T c\n";
	size_t bad;
	struct symtab *t = symtab_from_kallsyms(text, sizeof(text) - 1, &bad);

	(void)state;
	assert_int_equal(bad, 1);
	assert_int_equal(symtab_count(t), 1);
	symtab_free(t);
}

/* Any bytes at all: must not crash, nor give what is not in the table. */
static void noise_does_no_harm(void **state)
{
	static const char alphabet[] = "0123abcf TtwWdA_xyz\t[]\n\n";
	char text[4096];
	unsigned int seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct symtab *t;
		size_t bad;

		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = alphabet[rand_r(&seed) %
					   (sizeof(alphabet) - 1)];
		t = symtab_from_kallsyms(text, sizeof(text), &bad);
		assert_non_null(t);
		for (uint64_t a = 0; a < 0x2000; a += 7) {
			const struct symbol *s = symtab_lookup(t, a);

			if (s)
				assert_true(a - s->address < s->size);
		}
		symtab_free(t);
	}
}

#define MANY 100000

static void every_lookup_agrees_with_a_walk(void **state)
{
	char *text = malloc(MANY * 40), *at = text;
	uint64_t address = 0xffffffff81000000ull;
	unsigned int seed = 7;
	struct symtab *t;
	size_t bad;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < MANY; i++)
		at += sprintf(at, "%lx t f%d\n",
			      (unsigned long)(address + i * 16), i);
	t = symtab_from_kallsyms(text, at - text, &bad);
	assert_int_equal(bad, 0);
	assert_int_equal(symtab_count(t), MANY);
	for (int i = 0; i < MANY; i++) {
		int which = rand_r(&seed) % MANY;
		char name[16];

		snprintf(name, sizeof(name), "f%d", which);
		check_name(t, address + which * 16 + rand_r(&seed) % 16, name);
	}
	symtab_free(t);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(function_holds_its_addresses),
		cmocka_unit_test(order_of_lines_does_not_matter),
		cmocka_unit_test(global_beats_local_beats_weak),
		cmocka_unit_test(text_ends_where_it_ends),
		cmocka_unit_test(function_does_not_reach_another_module),
		cmocka_unit_test(hidden_addresses_hold_nothing),
		cmocka_unit_test(last_symbol_of_all_ends),
		cmocka_unit_test(bad_lines_are_counted_and_left_out),
		cmocka_unit_test(text_needs_no_last_newline),
		cmocka_unit_test(nul_bytes_are_no_names),
		cmocka_unit_test(noise_does_no_harm),
		cmocka_unit_test(every_lookup_agrees_with_a_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
