/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judgement: exact where it can be, and on noise neither crying wolf nor
 * asleep. LONG=1 measures false alarms and power on the full numbers.
 */
#include "exit-analyzer/judge/verdict.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "exit-analyzer/judge/judgement.h"
#include "exit-analyzer/judge/random.h"

#define NOISY_ROWS	30
#define NOISY_ROUNDS	24

static const struct verdict_limits defaults = {
	.floor_percent = -1, .floor_ticks = -1,
};
static const struct verdict_limits forced = {
	.floor_percent = -1, .floor_ticks = -1, .force = true,
};

static void exact_result(struct result *r)
{
	*r = (struct result){ 0 };
	result_fact_set(&r->machine, "deterministic", "yes");
	result_fact_set(&r->machine, "emulator", "test");
}

static struct result_row *row_of(struct result *r, const char *name,
				 uint64_t cost)
{
	struct result_row *row = result_row_add(r, name);

	assert_non_null(row);
	*row = (struct result_row){ .name = row->name, .n = 1, .min = cost,
				    .p50 = cost, .p95 = cost, .max = cost,
				    .cost = cost };
	return row;
}

static enum verdict_kind kind_of(const struct verdict *v, const char *name)
{
	for (size_t i = 0; i < v->rows; i++)
		if (!strcmp(v->row[i].name, name))
			return v->row[i].kind;
	fail_msg("no row %s", name);
	return VERDICT_SAME;
}

static void make(struct verdict *v, const struct result *a,
		 const struct result *b, const struct verdict_limits *limits)
{
	char why[256] = "";

	if (verdict_make(v, a, b, limits, why, sizeof(why)))
		fail_msg("%s", why);
}

static void one_instruction_is_named(void **state)
{
	struct result a, b;
	struct verdict v;
	char text[256];

	(void)state;
	exact_result(&a);
	exact_result(&b);
	row_of(&a, "cpuid", 248);
	row_of(&a, "hlt", 500);
	row_of(&b, "cpuid", 249);
	row_of(&b, "hlt", 499);
	make(&v, &a, &b, &defaults);
	assert_true(v.judgement == &judgement_exact);
	assert_int_equal(v.failed, 1);
	assert_int_equal(kind_of(&v, "cpuid"), VERDICT_WORSE);
	assert_int_equal(kind_of(&v, "hlt"), VERDICT_BETTER);
	verdict_row_describe(&v, &v.row[0], text, sizeof(text));
	assert_string_equal(text, "248 -> 249 instructions, +1 (+0.40%)");
	verdict_release(&v);
	result_release(&a);
	result_release(&b);
}

/* A change must exceed both floors. */
static void floors_hold_both(void **state)
{
	const struct {
		double percent, ticks;
		enum verdict_kind kind;
	} cases[] = {
		{ 0, 0, VERDICT_WORSE }, { 2, 0, VERDICT_WORSE },
		{ 4, 0, VERDICT_WITHIN }, { 0, 3, VERDICT_WITHIN },
		{ 2, 2, VERDICT_WORSE }, { 2, 3, VERDICT_WITHIN },
	};
	struct result a, b;

	(void)state;
	exact_result(&a);
	exact_result(&b);
	row_of(&a, "x", 100);
	row_of(&b, "x", 103);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct verdict_limits limits = { cases[i].percent,
						 cases[i].ticks, 0, false };
		struct verdict v;

		make(&v, &a, &b, &limits);
		assert_int_equal(kind_of(&v, "x"), cases[i].kind);
		verdict_release(&v);
	}
	result_release(&a);
	result_release(&b);
}

static void rows_come_and_go(void **state)
{
	struct result a, b;
	struct verdict v;

	(void)state;
	exact_result(&a);
	exact_result(&b);
	row_of(&a, "both", 0);
	row_of(&a, "gone", 5);
	row_of(&a, "now-skipped", 5);
	row_of(&b, "both", 0);
	row_of(&b, "fresh", 5);
	result_row_add(&b, "now-skipped")->skipped = strdup("not here");
	result_sort(&a);
	result_sort(&b);
	make(&v, &a, &b, &defaults);
	assert_int_equal(v.rows, 4);
	assert_int_equal(v.failed, 2);
	assert_int_equal(kind_of(&v, "both"), VERDICT_SAME);
	assert_int_equal(kind_of(&v, "gone"), VERDICT_GONE);
	assert_int_equal(kind_of(&v, "now-skipped"), VERDICT_GONE);
	assert_int_equal(kind_of(&v, "fresh"), VERDICT_NEW);
	verdict_release(&v);
	result_release(&a);
	result_release(&b);
}

static void other_machines_are_told(void **state)
{
	struct result a, b;
	struct verdict v;
	char why[256];

	(void)state;
	exact_result(&a);
	exact_result(&b);
	row_of(&a, "x", 1);
	row_of(&b, "x", 1);
	result_fact_set(&a.recorded, "core_build_id", "1");
	result_fact_set(&b.recorded, "core_build_id", "2");
	make(&v, &a, &b, &defaults);
	assert_null(v.machines.decides);
	verdict_release(&v);
	result_fact_set(&b.machine, "emulator", "another");
	result_fact_set(&b.machine, "host", "new");
	assert_true(verdict_make(&v, &a, &b, &defaults, why, sizeof(why)) < 0);
	assert_non_null(strstr(why, "host: 'nothing' against 'new'"));
	make(&v, &a, &b, &forced);
	assert_non_null(strstr(v.machines.decides, "emulator: 'test' against 'another'"));
	assert_non_null(strstr(v.machines.decides, "host: 'nothing' against 'new'"));
	verdict_release(&v);
	result_release(&a);
	result_release(&b);
}

static void nothing_measured_is_no_pass(void **state)
{
	struct result a, b;
	struct verdict v;
	char why[256];

	(void)state;
	exact_result(&a);
	exact_result(&b);
	row_of(&a, "x", 1);
	assert_true(verdict_make(&v, &a, &b, &defaults, why, sizeof(why)) < 0);
	assert_non_null(strstr(why, "the result has no row"));
	assert_true(verdict_make(&v, &b, &a, &defaults, why, sizeof(why)) < 0);
	assert_non_null(strstr(why, "the baseline has no row"));
	result_fact_set(&b.machine, "deterministic", "no");
	row_of(&b, "x", 1);
	assert_true(verdict_make(&v, &a, &b, &forced, why, sizeof(why)) < 0);
	assert_non_null(strstr(why, "rounds"));
	result_release(&a);
	result_release(&b);
}

/* Exact or noisy: what happened in no round did not get better. */
static void nothing_is_not_better(void **state)
{
	struct result a, b;
	struct verdict v;

	(void)state;
	for (int exact = 0; exact < 2; exact++) {
		exact_result(&a);
		exact_result(&b);
		result_fact_set(&a.machine, "deterministic",
				exact ? "yes" : "no");
		result_fact_set(&b.machine, "deterministic",
				exact ? "yes" : "no");
		row_of(&a, "dead", 1000);
		row_of(&a, "rare", 1000);
		row_of(&b, "dead", 0);
		row_of(&b, "rare", 0);
		for (uint64_t i = 0; i < NOISY_ROUNDS; i++) {
			result_row_round(&a.row[0], 1000 + i);
			result_row_round(&a.row[1], 1000 + i);
			result_row_round(&b.row[0], 0);
			result_row_round(&b.row[1], i ? 0 : 1000);
		}
		make(&v, &a, &b, &defaults);
		assert_int_equal(kind_of(&v, "dead"), VERDICT_NOTHING);
		assert_int_equal(kind_of(&v, "rare"), VERDICT_BETTER);
		assert_int_equal(v.failed, 1);
		assert_string_equal(verdict_outcome(&v), "error");
		verdict_release(&v);
		result_release(&a);
		result_release(&b);
	}
}

/* No limit of the user's allows it. */
static void nothing_is_within_no_limits(void **state)
{
	static const struct verdict_limits wide = { 200, 1e6, 0, false };
	struct result a, b;
	struct verdict v;

	(void)state;
	exact_result(&a);
	exact_result(&b);
	row_of(&a, "dead", 2);
	row_of(&a, "idle", 0);
	row_of(&a, "x", 500);
	row_of(&b, "dead", 0);
	row_of(&b, "idle", 0);
	row_of(&b, "x", 1);
	make(&v, &a, &b, &wide);
	assert_int_equal(kind_of(&v, "dead"), VERDICT_NOTHING);
	assert_int_equal(kind_of(&v, "idle"), VERDICT_SAME);
	assert_int_equal(kind_of(&v, "x"), VERDICT_WITHIN);
	verdict_release(&v);
	result_release(&a);
	result_release(&b);
}

/* Sum of twelve: near enough to a bell, without libm's last digits. */
static double bell(struct random *random)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += (double)(random_next(random) >> 11) / 0x1p53;
	return sum;
}

/* A cost on a busy host: some spread, and now and then a round
 * that is anything up to several times as dear. */
static uint64_t noisy(struct random *random, double cost, double spread)
{
	double v = cost * (1 + spread * bell(random));

	if (random_below(random, 20) == 0) {
		double u = (double)(random_next(random) >> 11) / 0x1p53;

		v *= pow(1 - u * 0.999, -0.5);
	}
	return (uint64_t)(v > 1 ? v : 1);
}

static void noisy_result(struct result *r, struct random *random, double spread,
			 size_t dearer_row, double dearer)
{
	*r = (struct result){ 0 };
	result_fact_set(&r->machine, "deterministic", "no");
	for (size_t i = 0; i < NOISY_ROWS; i++) {
		double cost = 1000 * (double)(i + 1);
		struct result_row *row;
		char name[16];

		snprintf(name, sizeof(name), "row%02zu", i);
		row = row_of(r, name, 0);
		if (i == dearer_row)
			cost *= dearer;
		for (int n = 0; n < NOISY_ROUNDS; n++)
			result_row_round(row, noisy(random, cost, spread));
		row->cost = row->round[0];
	}
}

/* The row's cost as a run would give it. */
static void costs_close(struct result *r)
{
	for (size_t i = 0; i < r->rows; i++) {
		uint64_t sorted[NOISY_ROUNDS];

		memcpy(sorted, r->row[i].round, sizeof(sorted));
		for (size_t j = 1; j < NOISY_ROUNDS; j++)
			for (size_t k = j; k && sorted[k - 1] > sorted[k]; k--) {
				uint64_t t = sorted[k];

				sorted[k] = sorted[k - 1];
				sorted[k - 1] = t;
			}
		r->row[i].cost = (sorted[NOISY_ROUNDS / 2 - 1] +
				  sorted[NOISY_ROUNDS / 2]) / 2;
	}
}

/* Comparisons, of so many, in which a row failed; *named: the dearer one. */
static int alarms(int comparisons, uint64_t seed, double spread, double dearer,
		  int *named)
{
	struct random random = { seed };
	int count = 0;

	*named = 0;
	for (int i = 0; i < comparisons; i++) {
		size_t row = (size_t)i % NOISY_ROWS;
		struct result a, b;
		struct verdict v;

		noisy_result(&a, &random, spread, 0, 1);
		noisy_result(&b, &random, spread, row, dearer);
		costs_close(&a);
		costs_close(&b);
		make(&v, &a, &b, &defaults);
		count += v.failed > 0;
		*named += verdict_row_failed(&v.row[row]);
		verdict_release(&v);
		result_release(&a);
		result_release(&b);
	}
	return count;
}

static int comparisons(int shorter, int full)
{
	const char *wanted = getenv("LONG");

	return wanted && *wanted ? full : shorter;
}

static void equal_cores_pass(void **state)
{
	int named, count = comparisons(100, 1000);
	int failed = alarms(count, 3, 0.005, 1, &named);

	(void)state;
	print_message("# %d of %d equal pairs failed, spread 0.5%%\n", failed,
		      count);
	assert_in_range(failed, 0, count / 1000);
}

/* So much noise that the floors stop nothing: the test itself must hold. */
static void equal_cores_pass_in_a_storm(void **state)
{
	int named, count = comparisons(3, 100);
	int failed = alarms(count, 4, 0.05, 1, &named);

	(void)state;
	print_message("# %d of %d equal pairs failed, spread 5%%\n", failed,
		      count);
	assert_in_range(failed, 0, count / 1000);
}

static void three_percent_are_found(void **state)
{
	int named, count = comparisons(20, 200);

	(void)state;
	alarms(count, 5, 0.005, 1.03, &named);
	print_message("# 3%% more was found in %d of %d\n", named, count);
	assert_in_range(named, count * 95 / 100, count);
}

/* Two rows of so many rounds; one of them grew as nothing grows by chance. */
static void two_rows(struct result *r, size_t rounds, uint64_t cost)
{
	struct random random = { cost };

	*r = (struct result){ 0 };
	result_fact_set(&r->machine, "deterministic", "no");
	row_of(r, "grows", cost);
	row_of(r, "stays", 1000);
	for (size_t i = 0; i < rounds; i++) {
		result_row_round(&r->row[0], cost + random_below(&random, 9));
		result_row_round(&r->row[1], 1000 + random_below(&random, 9));
	}
}

static void doubts_of(const struct result *a, const struct result *b,
		      const char *doubt)
{
	struct verdict v;

	make(&v, a, b, &defaults);
	if (!doubt && v.doubts)
		fail_msg("doubts: %s", v.doubts);
	if (doubt && (!v.doubts || !strstr(v.doubts, doubt)))
		fail_msg("'%s' is not in: %s", doubt, v.doubts);
	verdict_release(&v);
}

static void drift_is_told(void **state)
{
	struct result a, b;

	(void)state;
	two_rows(&a, NOISY_ROUNDS, 1000);
	two_rows(&b, NOISY_ROUNDS, 1300);
	doubts_of(&a, &b, NULL);
	for (size_t i = NOISY_ROUNDS / 2; i < NOISY_ROUNDS; i++)
		b.row[0].round[i] += 200;
	doubts_of(&a, &b, "row grows changed from the first to the second "
		  "half of the rounds of the result");
	doubts_of(&b, &a, "of the baseline");
	result_release(&a);
	result_release(&b);
}

/* A gate that cannot close says so. */
static void too_many_rounds_are_told(void **state)
{
	struct result a, b;

	(void)state;
	two_rows(&a, 129, 1000);
	two_rows(&b, 129, 1300);
	doubts_of(&a, &b, "with 129 and 129 rounds, row grows of 2 could not "
		  "fail");
	result_release(&a);
	result_release(&b);
}

static void equal_rows_add(struct result *r, int rows)
{
	for (int i = 0; i < rows; i++) {
		struct result_row *row;
		char name[16];

		snprintf(name, sizeof(name), "z%04d", i);
		row = row_of(r, name, 100);
		for (int j = 0; j < VERDICT_ROUNDS_MIN; j++)
			result_row_round(row, 100);
	}
}

/* Thousands of rows, as a guest of one's own has: a dear one is found. */
static void one_of_thousands_is_found(void **state)
{
	struct result a, b;
	struct verdict v;

	(void)state;
	two_rows(&a, VERDICT_ROUNDS_MIN, 1000);
	two_rows(&b, VERDICT_ROUNDS_MIN, 1300);
	equal_rows_add(&a, 2000);
	equal_rows_add(&b, 2000);
	make(&v, &a, &b, &defaults);
	assert_int_equal(kind_of(&v, "grows"), VERDICT_WORSE);
	assert_int_equal(v.failed, 1);
	assert_null(v.doubts);
	verdict_release(&v);
	result_release(&a);
	result_release(&b);
}

static void costs_that_do_not_repeat_are_told(void **state)
{
	struct result a, b;

	(void)state;
	exact_result(&a);
	exact_result(&b);
	row_of(&a, "x", 7);
	row_of(&b, "x", 7);
	result_row_round(&b.row[0], 7);
	result_row_round(&b.row[0], 7);
	doubts_of(&a, &b, NULL);
	result_row_round(&b.row[0], 8);
	doubts_of(&a, &b, "row x of the result cost 7 in one round and 8 in "
		  "another");
	result_release(&a);
	result_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_instruction_is_named),
		cmocka_unit_test(floors_hold_both),
		cmocka_unit_test(rows_come_and_go),
		cmocka_unit_test(other_machines_are_told),
		cmocka_unit_test(nothing_measured_is_no_pass),
		cmocka_unit_test(nothing_is_not_better),
		cmocka_unit_test(nothing_is_within_no_limits),
		cmocka_unit_test(drift_is_told),
		cmocka_unit_test(too_many_rounds_are_told),
		cmocka_unit_test(one_of_thousands_is_found),
		cmocka_unit_test(costs_that_do_not_repeat_are_told),
		cmocka_unit_test(equal_cores_pass),
		cmocka_unit_test(equal_cores_pass_in_a_storm),
		cmocka_unit_test(three_percent_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
