/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kallsyms tables in every layout that kernels have had, whole and damaged.
 */
#include "tracer/guest/kallsyms.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/kallsyms_encoder.h"
#include "tracer/symbol/symtab.h"

#define TEXT		0xffffffff9a000000ull
#define TEXT_BYTES	(16ull << 20)
#define AREA_GVA	(TEXT + (8ull << 20))
#define AREA_BYTES	(256u << 10)
#define COUNT		2600
#define PER_CPU		40

struct fixture {
	uint8_t *area;
	struct test_symbol *symbol;
	struct kallsyms *k;
	char *expected;
	struct encoder e;
};

static int fixture_open(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->area = calloc(1, AREA_BYTES);
	f->symbol = calloc(COUNT, sizeof(*f->symbol));
	f->k = malloc(sizeof(*f->k));
	f->expected = malloc(COUNT * 600);
	*state = f;
	return 0;
}

static int fixture_close(void **state)
{
	struct fixture *f = *state;

	free(f->area);
	free(f->symbol);
	free(f->k);
	free(f->expected);
	free(f);
	return 0;
}

static bool layout_has_percpu(const struct layout *l)
{
	return l->addresses == ADDRESS_PERCPU_ABOVE ||
		l->addresses == ADDRESS_PERCPU_BELOW ||
		l->addresses == ADDRESS_WHOLE_BELOW;
}

/* Tables somewhere in the middle of other data. */
static void fixture_fill(struct fixture *f, const struct layout *l)
{
	uint32_t seed = 5;

	for (size_t i = 0; i < AREA_BYTES; i++)
		f->area[i] = (seed = seed * 1664525 + 1013904223) >> 24;
	memset(f->area + AREA_BYTES / 4, 0, AREA_BYTES / 2);
	symbols_make(f->symbol, COUNT, layout_has_percpu(l) ? PER_CPU : 0,
		     TEXT);
	if (l->two_byte_lengths) {
		memset(f->symbol[77].name, 'q', 127);
		memset(f->symbol[78].name, 'q', 300);
		memset(f->symbol[COUNT - 1].name, 'z', 511);
	}
	f->e = (struct encoder){
		.out = f->area, .gva = AREA_GVA, .at = AREA_BYTES / 4 + 8,
	};
	encoder_write(&f->e, l, f->symbol, COUNT, TEXT);
}

static int find(struct fixture *f, size_t bytes)
{
	struct kallsyms_area area = {
		.at = f->area, .bytes = bytes, .gva = AREA_GVA,
	};

	f->k->work = 0;
	return kallsyms_find(f->k, &area, TEXT, TEXT_BYTES);
}

static void check_found(struct fixture *f)
{
	struct kallsyms_wanted wanted[] = {
		{ .name = "x2.sys_open" }, { .name = "absent" },
	};
	struct symbol_text t = { 0 };
	size_t bytes = symbols_print(f->symbol, COUNT, f->expected);

	assert_int_equal(find(f, AREA_BYTES), 0);
	assert_int_equal(f->k->count, COUNT);
	assert_int_equal(kallsyms_print(f->k, &t, wanted, 2), 0);
	assert_int_equal(t.lines, COUNT);
	assert_int_equal(t.bytes, bytes);
	assert_memory_equal(t.at, f->expected, bytes);
	assert_int_equal(wanted[0].address, f->symbol[2].address);
	assert_int_equal(wanted[1].address, 0);
	symbol_text_free(&t);
	kallsyms_free(f->k);
}

static void every_layout_is_read(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYOUTS; i++) {
		print_message("%s\n", layouts[i].name);
		fixture_fill(f, &layouts[i]);
		check_found(f);
	}
}

/* In RAM the tables may end where what we are given ends. */
static void tables_may_end_the_area(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYOUTS; i++) {
		struct kallsyms_area area = { .gva = AREA_GVA };
		uint8_t *exact;

		fixture_fill(f, &layouts[i]);
		exact = malloc(f->e.end);
		memcpy(exact, f->area, f->e.end);
		area.at = exact;
		for (area.bytes = f->e.end; area.bytes > f->e.end - 16;
		     area.bytes--) {
			int err;

			f->k->work = 0;
			err = kallsyms_find(f->k, &area, TEXT, TEXT_BYTES);
			if (area.bytes == f->e.end)
				assert_int_equal(err, 0);
			else
				assert_true(!err || err == -ENOENT);
			kallsyms_free(f->k);
		}
		free(exact);
	}
}

static void kernel_elsewhere_is_not_this_one(void **state)
{
	struct fixture *f = *state;
	struct kallsyms_area area = {
		.at = f->area, .bytes = AREA_BYTES, .gva = AREA_GVA,
	};

	for (size_t i = 0; i < LAYOUTS; i++) {
		fixture_fill(f, &layouts[i]);
		f->k->work = 0;
		assert_int_equal(kallsyms_find(f->k, &area, TEXT + (1u << 30),
					       TEXT_BYTES), -ENOENT);
		assert_null(f->k->address);
	}
}

/* A false lead below the real tables must not stop the search. */
static void tokens_alone_are_passed_over(void **state)
{
	struct fixture *f = *state;
	struct encoder lead;

	fixture_fill(f, &layouts[5]);
	lead = f->e;
	lead.at = 4096;
	encoder_token_tables(&lead);
	check_found(f);
}

static void each_damaged_table_is_noticed(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYOUTS; i++) {
		size_t places[5];

		fixture_fill(f, &layouts[i]);
		places[0] = f->e.num_at;
		places[1] = f->e.markers_at + layouts[i].marker_bytes;
		places[2] = f->e.index_at + 100;
		places[3] = f->e.tokens_at + strlen(f->e.token[0]);
		places[4] = f->e.names_at;	/* the first name's length */
		for (int p = 0; p < 5; p++) {
			f->area[places[p]] ^= 1;
			assert_int_equal(find(f, AREA_BYTES), -ENOENT);
			f->area[places[p]] ^= 1;
		}
		check_found(f);
	}
}

/* Invisible characters in a name must not make or break a line. */
static void names_stay_on_their_line(void **state)
{
	struct fixture *f = *state;
	struct symbol_text t = { 0 };
	size_t bad;
	struct symtab *s;

	fixture_fill(f, &layouts[4]);
	strcpy(f->symbol[3].name, "%&%&");
	f->e.at = AREA_BYTES / 4 + 8;
	encoder_write(&f->e, &layouts[4], f->symbol, COUNT, TEXT);
	for (size_t i = f->e.tokens_at; i < f->e.index_at; i++) {
		if (f->area[i] == '%')
			f->area[i] = '\n';
		else if (f->area[i] == '&')
			f->area[i] = ' ';
	}
	assert_int_equal(find(f, AREA_BYTES), 0);
	assert_int_equal(kallsyms_print(f->k, &t, NULL, 0), 0);
	s = symtab_from_kallsyms(t.at, t.bytes, &bad);
	assert_non_null(s);
	assert_int_equal(bad, 0);
	assert_int_equal(t.lines, COUNT);
	symtab_free(s);
	symbol_text_free(&t);
	kallsyms_free(f->k);
}

/* Any byte wrong anywhere: an answer of lines, or none, never a crash. */
static void noise_does_no_harm(void **state)
{
	struct fixture *f = *state;
	unsigned int seed = 3;

	for (int round = 0; round < 2000; round++) {
		size_t from, at;
		struct symbol_text t = { 0 };

		if (round % 64 == 0)
			fixture_fill(f, &layouts[round / 64 % LAYOUTS]);
		from = rand_r(&seed) % 2 ? f->e.tokens_at : AREA_BYTES / 4;
		at = from + rand_r(&seed) % (f->e.end - from);
		f->area[at] = rand_r(&seed);
		if (!find(f, f->e.end + rand_r(&seed) % 64)) {
			assert_int_equal(kallsyms_print(f->k, &t, NULL, 0), 0);
			assert_true(t.lines <= f->k->count);
			symbol_text_free(&t);
		}
		kallsyms_free(f->k);
	}
}

/*
 * Token tables all over, each with all below it to be searched, and counts
 * that walk far before they fail: must end soon, by the limit of work.
 */
static void work_is_limited(void **state)
{
	struct fixture *f = *state;
	struct kallsyms_area area = { .bytes = 64u << 20, .gva = AREA_GVA };
	struct encoder e = { .gva = AREA_GVA };

	area.at = e.out = calloc(1, area.bytes);
	encoder_tokens(&e);
	for (size_t at = 0; at + 4096 < area.bytes; at += 4096) {
		memset(e.out + at, 'T', 4096);
		memcpy(e.out + at, "\0\0\x20\0\0\0\0\0", 8);
		e.at = at + 1024;
		encoder_token_tables(&e);
	}
	f->k->work = 0;
	assert_int_equal(kallsyms_find(f->k, &area, TEXT, TEXT_BYTES), -ENOENT);
	assert_true(f->k->work > 1u << 24);
	free(e.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_layout_is_read),
		cmocka_unit_test(tables_may_end_the_area),
		cmocka_unit_test(kernel_elsewhere_is_not_this_one),
		cmocka_unit_test(tokens_alone_are_passed_over),
		cmocka_unit_test(each_damaged_table_is_noticed),
		cmocka_unit_test(names_stay_on_their_line),
		cmocka_unit_test(noise_does_no_harm),
		cmocka_unit_test(work_is_limited),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
