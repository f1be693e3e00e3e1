/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts by address: none is lost, however many addresses a guest has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "exit-analyzer/live/rip_counts.h"

#define FEW	3000
#define MANY	100000

/* The first are those that a table might take for none. */
static uint64_t rip_of(uint64_t i)
{
	static const uint64_t odd[] = { 0, 1, UINT64_MAX, 1ull << 63 };

	return i < 4 ? odd[i] : 0xffffffff81000000 + i * i * 16;
}

static struct rip_count *count_at(struct rip_counts *p, uint64_t rip,
				  uint32_t cycles)
{
	struct rip_count *place = &p->slot[rip_counts_slot(p, rip)];

	if (!rip_count_is(place, rip))
		place = rip_counts_find(p, rip);
	assert_non_null(place);
	rip_count_add(place, cycles);
	return place;
}

static void addresses_hold_what_was_counted(void **state)
{
	struct rip_count *place = NULL;
	struct rip_pool pool;
	size_t seen = 0;
	struct rip_counts p;

	(void)state;
	rip_pool_init(&pool);
	assert_int_equal(rip_counts_init(&p, &pool), 0);
	for (unsigned int round = 1; round <= 3; round++)
		for (uint64_t i = 0; i < FEW; i++)
			assert_int_equal(count_at(&p, rip_of(i),
						  i + round)->rip, rip_of(i));
	assert_false(rip_pool_is_full(&pool));
	while ((place = rip_counts_next(&p, place)))
		seen += place->count > 0;
	assert_int_equal(seen, FEW);
	for (uint64_t i = 0; i < FEW; i++) {
		place = rip_counts_find(&p, rip_of(i));
		assert_int_equal(place->rip, rip_of(i));
		assert_int_equal(place->count, 3);
		assert_int_equal(place->cycles, 3 * i + 6);
		assert_int_equal(place->max_cycles, i + 3);
	}
	rip_counts_exit(&p);
}

/* The sum of a guest that exits everywhere is known; known places stay. */
static void more_than_there_is_room_for_are_others(void **state)
{
	struct rip_pool pool;
	struct rip_count *place = NULL;
	uint64_t count = 0;
	struct rip_counts p[2];

	(void)state;
	rip_pool_init(&pool);
	assert_int_equal(rip_counts_init(&p[0], &pool), 0);
	assert_int_equal(rip_counts_init(&p[1], &pool), 0);
	for (uint64_t i = 0; i < MANY; i++)
		count_at(&p[0], rip_of(i), 1);
	assert_true(rip_pool_is_full(&pool));
	assert_int_not_equal(p[0].others.count, 0);
	assert_ptr_not_equal(count_at(&p[0], rip_of(0), 1), &p[0].others);
	assert_ptr_equal(count_at(&p[1], rip_of(0), 1), &p[1].others);
	while ((place = rip_counts_next(&p[0], place)))
		count += place->count;
	assert_int_equal(count, MANY + 1);
	rip_counts_exit(&p[0]);
	rip_counts_exit(&p[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_hold_what_was_counted),
		cmocka_unit_test(more_than_there_is_room_for_are_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
