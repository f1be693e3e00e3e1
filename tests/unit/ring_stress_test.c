/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring under load: a writer at full speed with random rests, and
 * readers of every pace at once, far too slow ones among them. For each of
 * them written = read + missed, and every word of every record is right.
 *
 * Not for the thread sanitizer: it does not know fences. The order it looks
 * for is proved in tests/model instead.
 */
#include "tests/unit/ring_maker.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define RUN_MS		700

struct stress {
	struct ring *ring;
	bool long_ones;
	bool done;
};

struct pace {
	struct stress *stress;
	u64 burst;		/* records between two rests */
	unsigned int rest_us;	/* at most */
	struct watcher w;
};

static u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static void *writer_run(void *arg)
{
	struct stress *s = arg;
	u64 end = now_ms() + RUN_MS;

	for (u64 i = 0; now_ms() < end; i++) {
		for (u64 n = mix(i) % 3000; n > 0; n--)
			record_write(s->ring, s->long_ones);
		if (mix(i) % 8 == 0)
			usleep((useconds_t)(mix(i) % 1000));
		/* a slot half filled when the writer loses its CPU */
		if (mix(i) % 16 == 1) {
			memset(ring_slot(s->ring), 0xee, EVENT_SLOT_BYTES / 2);
			usleep(100);
		}
	}
	__atomic_store_n(&s->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void *reader_run(void *arg)
{
	struct pace *p = arg;

	for (u64 i = 0; !__atomic_load_n(&p->stress->done, __ATOMIC_ACQUIRE);
	     i++) {
		watcher_read(&p->w, 1 + mix(i) % p->burst);
		if (p->rest_us)
			usleep((useconds_t)(mix(i) % p->rest_us));
	}
	watcher_drain(&p->w, p->stress->ring);
	return NULL;
}

static void stress(u64 slots, u64 start, bool long_ones)
{
	struct stress s = {
		.ring = ring_make(slots, 0, start),
		.long_ones = long_ones,
	};
	struct pace pace[] = {
		{ .stress = &s, .burst = 1 << 20 },
		{ .stress = &s, .burst = 5000, .rest_us = 300 },
		{ .stress = &s, .burst = 500, .rest_us = 20000 },
	};
	pthread_t writer, reader[ARRAY_SIZE(pace)];

	for (size_t i = 0; i < ARRAY_SIZE(pace); i++) {
		watcher_open(&pace[i].w, s.ring, false, long_ones);
		assert_int_equal(pthread_create(&reader[i], NULL, reader_run,
						&pace[i]), 0);
	}
	assert_int_equal(pthread_create(&writer, NULL, writer_run, &s), 0);
	pthread_join(writer, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(pace); i++) {
		struct watcher *w = &pace[i].w;

		pthread_join(reader[i], NULL);
		fprintf(stderr, "# %llu slots, reader %zu: %llu written, "
			"%llu read, %llu missed in %llu losses\n", slots, i,
			s.ring->written - start, w->read, w->missed, w->losses);
		assert_int_equal(w->read + w->missed, s.ring->written - start);
		assert_true(w->read > 0);
		watcher_close(w);
	}
	/* the slow one was far too slow, or nothing was tested */
	assert_true(pace[2].w.losses > 0 && pace[2].w.missed > pace[2].w.read);
	free(s.ring);
}

static void smallest_ring(void **state)
{
	(void)state;
	stress(RING_SLOTS_MIN, 0, false);
}

static void smallest_ring_long_records(void **state)
{
	(void)state;
	stress(RING_SLOTS_MIN, 0, true);
}

static void large_ring_across_2_to_the_32(void **state)
{
	(void)state;
	stress(1 << 14, (1ull << 32) - 1000000, false);
}

static void large_ring_long_records(void **state)
{
	(void)state;
	stress(1 << 14, 0, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smallest_ring),
		cmocka_unit_test(smallest_ring_long_records),
		cmocka_unit_test(large_ring_across_2_to_the_32),
		cmocka_unit_test(large_ring_long_records),
	};

	return cmocka_run_group_tests_name("ring_stress", tests, NULL, NULL);
}
