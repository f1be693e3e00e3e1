/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>

#include "tracer/foreign/time_order.h"

#define EVENTS 5000

static uint64_t random_state;

static uint64_t random_next(void)
{
	random_state = random_state * 6364136223846793005ull +
		1442695040888963407ull;
	return random_state >> 17;
}

/* Equals must stay in their order, for one CPU's are in it already. */
static void events_come_in_order(void **state)
{
	static const uint64_t ranges[] = { 1, 3, 2047, 2048, 1 << 20, 1ull << 45 };
	static const uint64_t first[] = { 0, 12345, UINT64_MAX - (1ull << 46) };
	static struct timed events[EVENTS];

	(void)state;
	for (unsigned int r = 0; r < 18; r++) {
		for (uint64_t i = 0; i < EVENTS; i++)
			events[i] = (struct timed){
				first[r % 3] + random_next() % ranges[r / 3],
				i };
		assert_int_equal(time_order(events, EVENTS), 0);
		for (unsigned int i = 1; i < EVENTS; i++) {
			assert_true(events[i - 1].time <= events[i].time);
			if (events[i - 1].time == events[i].time)
				assert_true(events[i - 1].what <
					    events[i].what);
		}
	}
	assert_int_equal(time_order(events, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_come_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
