/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places: none is lost, whatever the guest's addresses are and however many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "exit-analyzer/live/places.h"

#define FEW	3000
#define MANY	100000

/* The first are those that a table might take for none. */
static uint64_t rip_of(uint64_t i)
{
	static const uint64_t odd[] = { 0, 1, UINT64_MAX, 1ull << 63 };

	return i < 4 ? odd[i] : 0xffffffff81000000 + i * i * 16;
}

static struct place *count_at(struct places *p, uint64_t rip, uint32_t cycles)
{
	struct place *place = &p->place[places_slot(p, rip)];

	if (!place_is(place, rip))
		place = places_find(p, rip);
	assert_non_null(place);
	place_count(place, cycles);
	return place;
}

static void places_hold_what_was_counted(void **state)
{
	struct place *place = NULL;
	struct places_pool pool;
	size_t seen = 0;
	struct places p;

	(void)state;
	places_pool_init(&pool);
	assert_int_equal(places_init(&p, &pool), 0);
	for (unsigned int round = 1; round <= 3; round++)
		for (uint64_t i = 0; i < FEW; i++)
			assert_int_equal(count_at(&p, rip_of(i),
						  i + round)->rip, rip_of(i));
	assert_false(places_pool_is_full(&pool));
	while ((place = places_next(&p, place)))
		seen += place->count > 0;
	assert_int_equal(seen, FEW);
	for (uint64_t i = 0; i < FEW; i++) {
		place = places_find(&p, rip_of(i));
		assert_int_equal(place->rip, rip_of(i));
		assert_int_equal(place->count, 3);
		assert_int_equal(place->cycles, 3 * i + 6);
		assert_int_equal(place->max_cycles, i + 3);
	}
	places_exit(&p);
}

/* Of a guest that exits everywhere the sum is known; known places stay. */
static void more_than_there_is_room_for_are_others(void **state)
{
	struct places_pool pool;
	struct place *place = NULL;
	uint64_t count = 0;
	struct places p[2];

	(void)state;
	places_pool_init(&pool);
	assert_int_equal(places_init(&p[0], &pool), 0);
	assert_int_equal(places_init(&p[1], &pool), 0);
	for (uint64_t i = 0; i < MANY; i++)
		count_at(&p[0], rip_of(i), 1);
	assert_true(places_pool_is_full(&pool));
	assert_int_not_equal(p[0].others.count, 0);
	assert_ptr_not_equal(count_at(&p[0], rip_of(0), 1), &p[0].others);
	assert_ptr_equal(count_at(&p[1], rip_of(0), 1), &p[1].others);
	while ((place = places_next(&p[0], place)))
		count += place->count;
	assert_int_equal(count, MANY + 1);
	places_exit(&p[0]);
	places_exit(&p[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_hold_what_was_counted),
		cmocka_unit_test(more_than_there_is_room_for_are_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
