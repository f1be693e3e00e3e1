/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The owners of page tables, asked at any time and in any order.
 */
#include "tracer/symbol/process_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SEEN(tsc, table, number, name) \
	{ .from_tsc = tsc, .cr3 = table, .pid = number, .comm = name }
#define GONE(tsc, table) \
	{ .from_tsc = tsc, .cr3 = table, .state = TRACE_PROCESS_GONE }

static const struct trace_process changes[] = {
	SEEN(0, 0x8000, 0, "[kernel]"),
	SEEN(100, 0x2000, 1, "init"),
	SEEN(200, 0x4000, 7, "sh"),
	SEEN(300, 0x4000, 7, "ls"),
	GONE(400, 0x4000),
	/* since the look that showed it free: the time of that change */
	SEEN(400, 0x4000, 9, "sh"),
	GONE(500, 0x4000),
	SEEN(600, 0x4000, 7, "sh"),
};
#define CHANGES (sizeof(changes) / sizeof(changes[0]))

static void check_is(struct process_map *m, uint64_t cr3, uint64_t tsc,
		     uint32_t pid, const char *comm)
{
	const struct process_name *n = process_map_find(m, cr3, tsc);

	assert_non_null(n);
	assert_int_equal(n->pid, pid);
	assert_string_equal(n->comm, comm);
}

static void tables_and_time_tell_who(void **state)
{
	struct process_map *m = process_map_new(changes, CHANGES);

	(void)state;
	/* there and back: what is remembered must not stand in the way */
	for (int round = 0; round < 3; round++) {
		check_is(m, 0x2000, 100, 1, "init");
		check_is(m, 0x2000, UINT64_MAX - 1, 1, "init");
		assert_null(process_map_find(m, 0x2000, 99));
		assert_null(process_map_find(m, 0x4000, 199));
		check_is(m, 0x4000, 200, 7, "sh");
		check_is(m, 0x4000, 299, 7, "sh");
		check_is(m, 0x4000, 300, 7, "ls");
		check_is(m, 0x4000, 400, 9, "sh");
		assert_null(process_map_find(m, 0x4000, 500));
		assert_null(process_map_find(m, 0x4000, 599));
		check_is(m, 0x8000, 0, 0, "[kernel]");
		assert_null(process_map_find(m, 0xa000, 300));
		assert_null(process_map_find(m, 0, 300));
	}
	assert_ptr_equal(process_map_find(m, 0x4000, 200),
			 process_map_find(m, 0x4000, 600));
	process_map_free(m);
}

/* PCID, and the pair of tables that isolation keeps. */
static void other_bits_of_cr3_do_not_count(void **state)
{
	struct process_map *m = process_map_new(changes, CHANGES);

	(void)state;
	check_is(m, 0x2001, 100, 1, "init");
	check_is(m, 1ull << 63 | 0x2fff, 100, 1, "init");
	check_is(m, 0x3801, 100, 1, "init");
	/* before its time is before its time, also for the pair */
	assert_null(process_map_find(m, 0x5000, 199));
	assert_null(process_map_find(m, 0x5000, 500));
	process_map_free(m);
}

static void tables_at_odd_places_are_no_pairs(void **state)
{
	static const struct trace_process odd[] = {
		SEEN(0, 0x2000, 1, "one"), SEEN(0, 0x3000, 2, "two"),
		SEEN(0, 0x6000, 3, "three"),
	};
	struct process_map *m = process_map_new(odd, 3);

	(void)state;
	check_is(m, 0x2000, 0, 1, "one");
	check_is(m, 0x3000, 0, 2, "two");
	assert_null(process_map_find(m, 0x7000, 0));
	process_map_free(m);
}

static void the_next_change_is_known(void **state)
{
	struct process_map *m = process_map_new(changes, CHANGES);

	(void)state;
	assert_int_equal(process_map_next_change(m, 0), 100);
	assert_int_equal(process_map_next_change(m, 99), 100);
	assert_int_equal(process_map_next_change(m, 300), 400);
	assert_int_equal(process_map_next_change(m, 400), 500);
	assert_int_equal(process_map_next_change(m, 600), UINT64_MAX);
	assert_int_equal(process_map_next_change(NULL, 0), UINT64_MAX);
	process_map_free(m);
}

static void names_are_listed_once(void **state)
{
	struct process_map *m = process_map_new(changes, CHANGES);
	const struct process_name *n;
	size_t count;

	(void)state;
	n = process_map_names(m, &count);
	assert_int_equal(count, 5);
	assert_string_equal(n[0].comm, "[kernel]");
	assert_string_equal(n[2].comm, "ls");
	assert_string_equal(n[3].comm, "sh");
	assert_int_equal(n[4].pid, 9);
	process_map_free(m);
}

static void none_are_known_of_nothing(void **state)
{
	struct process_map *m = process_map_new(NULL, 0);
	size_t count;

	(void)state;
	assert_null(process_map_find(m, 0x2000, 0));
	process_map_names(m, &count);
	assert_int_equal(count, 0);
	process_map_free(m);
	assert_null(process_map_find(NULL, 0x2000, 0));
	process_map_names(NULL, &count);
	assert_int_equal(count, 0);
	process_map_free(NULL);
}

/* Whatever a file says: no name without end, nothing that is not text. */
static void noise_does_no_harm(void **state)
{
	unsigned int seed = 5, found = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t count = rand_r(&seed) % 20;
		struct trace_process *p = malloc(count * sizeof(*p));
		struct process_map *m;

		for (size_t i = 0; i < count * sizeof(*p); i++)
			((uint8_t *)p)[i] = rand_r(&seed);
		for (size_t i = 0; i < count; i++) {
			p[i].state = rand_r(&seed) % 3;
			p[i].cr3 %= 0x8000;
		}
		m = process_map_new(p, count);
		free(p);
		for (int i = 0; i < 50; i++) {
			const struct process_name *n = process_map_find(
				m, rand_r(&seed) % 0x9000,
				(uint64_t)rand_r(&seed) << 33);

			if (!n)
				continue;
			found++;
			for (const char *c = n->comm; *c; c++)
				assert_in_range(*c, ' ', '~');
		}
		process_map_free(m);
	}
	assert_true(found > 1000);
}

/* The last owner that was seen is not the owner for ever. */
static void nobody_is_known_once_nobody_watched(void **state)
{
	static const struct trace_process some[] = {
		SEEN(0, 0x8000, 0, "[kernel]"),
		SEEN(100, 0x2000, 1, "init"),
		{ .from_tsc = 250, .state = TRACE_PROCESS_UNWATCHED },
	};
	struct process_map *m = process_map_new(some, 3);

	(void)state;
	check_is(m, 0x2000, 249, 1, "init");
	assert_null(process_map_find(m, 0x2000, 250));
	assert_null(process_map_find(m, 0x8000, UINT64_MAX));
	check_is(m, 0x8000, 200, 0, "[kernel]");
	assert_int_equal(process_map_next_change(m, 100), 250);
	assert_int_equal(process_map_unwatched_tsc(m), 250);
	process_map_free(m);
	m = process_map_new(some, 2);
	assert_true(process_map_unwatched_tsc(m) == UINT64_MAX);
	process_map_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_known_once_nobody_watched),
		cmocka_unit_test(tables_and_time_tell_who),
		cmocka_unit_test(other_bits_of_cr3_do_not_count),
		cmocka_unit_test(tables_at_odd_places_are_no_pairs),
		cmocka_unit_test(the_next_change_is_known),
		cmocka_unit_test(names_are_listed_once),
		cmocka_unit_test(none_are_known_of_nothing),
		cmocka_unit_test(noise_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
