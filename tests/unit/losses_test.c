/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Losses and intervals: each is counted once, in the interval it began in, and
 * every interval that it reaches into says so.
 */
#include "exit-analyzer/live/losses.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void add(struct losses *l, uint64_t from, uint64_t to, uint64_t missed)
{
	const struct event_lost lost = {
		.h = { .id = EVENT_LOST, .slots = 1, .tsc = from },
		.resumed_tsc = to,
		.missed = missed,
	};

	assert_int_equal(losses_add(l, &lost), 0);
}

static void assert_end(struct losses *l, uint64_t end, uint64_t missed,
		       bool lossy)
{
	bool is_lossy;

	assert_int_equal(losses_end(l, end, &is_lossy), missed);
	assert_int_equal(is_lossy, lossy);
}

static void a_loss_is_in_its_interval(void **state)
{
	struct losses l = { 0 };

	(void)state;
	/* read early, as records of another CPU may be */
	add(&l, 250, 260, 7);
	add(&l, 120, 130, 5);
	assert_end(&l, 100, 0, false);
	assert_end(&l, 200, 5, true);
	assert_end(&l, 300, 7, true);
	assert_end(&l, 400, 0, false);
	losses_exit(&l);
}

static void a_long_loss_makes_all_its_intervals_lossy(void **state)
{
	struct losses l = { 0 };

	(void)state;
	add(&l, 150, 350, 1000);
	assert_end(&l, 200, 1000, true);
	assert_end(&l, 300, 0, true);
	assert_end(&l, 400, 0, true);
	assert_end(&l, 500, 0, false);
	/* one that ends where an interval does, and one that begins there */
	add(&l, 550, 600, 3);
	add(&l, 600, 650, 4);
	assert_end(&l, 600, 3, true);
	assert_end(&l, 700, 4, true);
	assert_end(&l, 800, 0, false);
	losses_exit(&l);
}

/* Where nothing stands before a loss, it belongs to where reading went on. */
static void a_loss_at_the_beginning_is_where_reading_began(void **state)
{
	struct losses l = { 0 };

	(void)state;
	add(&l, 0, 250, 9);
	assert_end(&l, 200, 0, false);
	assert_end(&l, 300, 9, true);
	assert_end(&l, 400, 0, false);
	/* and where nothing came behind it either, to the first */
	add(&l, 0, 0, 3);
	assert_end(&l, 500, 3, true);
	assert_end(&l, 600, 0, false);
	losses_exit(&l);
}

static void the_last_interval_takes_all(void **state)
{
	struct losses l = { 0 };
	uint64_t missed = 0;

	(void)state;
	for (uint64_t i = 1; i <= 100; i++) {
		add(&l, i * 10, i * 10 + 5, i);
		missed += i;
	}
	assert_end(&l, UINT64_MAX, missed, true);
	assert_end(&l, UINT64_MAX, 0, false);
	losses_exit(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loss_is_in_its_interval),
		cmocka_unit_test(a_long_loss_makes_all_its_intervals_lossy),
		cmocka_unit_test(a_loss_at_the_beginning_is_where_reading_began),
		cmocka_unit_test(the_last_interval_takes_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
