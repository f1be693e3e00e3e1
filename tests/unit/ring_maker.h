/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rings for tests: records whose every word follows from their number, and
 * a watcher that checks them all.
 */
#ifndef TESTS_UNIT_RING_MAKER_H
#define TESTS_UNIT_RING_MAKER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tracer/source/ring_reader.h"
#include "vmm-core/trace/ring_writer.h"

static inline u64 mix(u64 x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdull;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ull;
	return x ^ x >> 33;
}

/* A ring whose counters start where the test wants them. */
static inline struct ring *ring_make(u64 slots, u64 head, u64 written)
{
	struct ring *ring = aligned_alloc(4096, RING_BYTES(slots));

	assert_non_null(ring);
	memset(ring, 0, RING_BYTES(slots));
	ring_init(ring, 0, slots);
	ring->head = head;
	ring->written = written;
	return ring;
}

/* Record number n: its length and all of its words. */
static inline u32 record_slots(u64 number, bool long_ones)
{
	if (!long_ones || mix(number) % 4)
		return 1;
	return 2 + mix(number) / 4 % (EVENT_SLOTS_MAX - 1);
}

static inline void record_fill(u64 *word, u64 number, u32 slots)
{
	struct event_header h = {
		.tsc = number + 1,
		.seq = (u32)number,
		.id = slots == 1 ? EVENT_VMEXIT : EVENT_HYPERCALL,
		.slots = (u8)slots,
	};

	memcpy(word, &h, sizeof(h));
	word[2] = 0;	/* vCPU, reason and CPL must be ones that exist */
	for (u32 i = 3; i < slots * 8; i++)
		word[i] = mix(number * 512 + i);
}

static inline void record_write(struct ring *ring, bool long_ones)
{
	u64 number = ring->written;
	u32 slots = record_slots(number, long_ones);
	void *to = slots == 1 ? ring_slot(ring) : ring_reserve(ring, slots);

	record_fill(to, number, slots);
	ring_commit(ring, slots);
}

/* A reader, and what it must see next. */
struct watcher {
	struct ring_reader *reader;
	bool long_ones;
	u64 first;		/* number that its counting begins with */
	u64 number;		/* of the next record */
	u64 read, missed, losses;
	u64 last_tsc;
};

static inline void watcher_open(struct watcher *w, const struct ring *ring,
				bool from_oldest, bool long_ones)
{
	memset(w, 0, sizeof(*w));
	w->reader = ring_reader_open(ring, RING_BYTES(ring->slots),
				     from_oldest);
	assert_non_null(w->reader);
	w->first = from_oldest ? 0 : ring->written;
	w->number = w->first;
	w->long_ones = long_ones;
}

static inline void watcher_close(struct watcher *w)
{
	ring_reader_close(w->reader);
}

static inline void watcher_lost(struct watcher *w, const struct event_lost *l)
{
	assert_int_equal(l->h.slots, 1);
	assert_int_equal(l->h.vm, EVENT_NO_VM);
	assert_int_equal(l->h.seq, (u32)w->number);
	assert_int_equal(l->h.tsc, w->last_tsc);
	assert_int_not_equal(l->missed, 0);
	assert_int_equal(l->resumed_tsc, w->number + l->missed + 1);
	w->number += l->missed;
	w->missed += l->missed;
	w->losses++;
}

static inline void watcher_record(struct watcher *w,
				  const struct event_header *ev)
{
	u64 word[EVENT_SLOTS_MAX * 8];
	u32 slots = record_slots(w->number, w->long_ones);

	record_fill(word, w->number, slots);
	assert_int_equal(ev->slots, slots);
	assert_memory_equal(ev, word, slots * EVENT_SLOT_BYTES);
	w->last_tsc = ev->tsc;
	w->number++;
	w->read++;
}

/* Takes some of the records at ev; returns how many were not LOST. */
static inline u64 watcher_take(struct watcher *w, const struct event_header *ev,
			       u64 records)
{
	ring_reader_take(w->reader, (unsigned int)records);
	if (ev->id == EVENT_LOST) {
		assert_int_equal(records, 1);
		watcher_lost(w, (const struct event_lost *)ev);
		return 0;
	}
	for (u64 i = 0; i < records; i++) {
		watcher_record(w, ev);
		ev = (const void *)((const u8 *)ev +
				    ev->slots * EVENT_SLOT_BYTES);
	}
	return records;
}

/*
 * Reads up to max records, all or some of each run, now and then none; how
 * many came.
 */
static inline u64 watcher_read(struct watcher *w, u64 max)
{
	const struct event_header *ev;
	struct source_cpu_counts c;
	u64 got = 0;
	int records;

	while (got < max && (records = ring_reader_peek(w->reader, &ev)) > 0) {
		u64 some = (u64)records, x = mix(w->number + got);

		if (x % 4 == 1)
			some = 1 + x / 4 % some;
		if (some > max - got)
			some = max - got;
		if (x % 16 == 2)
			ring_reader_take(w->reader, 0);
		got += watcher_take(w, ev, some);
		ring_reader_counts(w->reader, &c);
		assert_int_equal(c.read, w->read);
		assert_int_equal(c.missed, w->missed);
		assert_true(c.written >= c.read + c.missed);
		assert_true(some == (u64)records ||
			    c.written > c.read + c.missed);
	}
	assert_null(ring_reader_fault(w->reader));
	return got;
}

/* Reads all there is, while the writer rests: nothing may be left over. */
static inline void watcher_drain(struct watcher *w, const struct ring *ring)
{
	struct source_cpu_counts c;

	watcher_read(w, ~0ull);
	ring_reader_counts(w->reader, &c);
	assert_int_equal(c.written, ring->written - w->first);
	assert_int_equal(c.written, c.read + c.missed);
	assert_int_equal(w->number, ring->written);
}

#endif
