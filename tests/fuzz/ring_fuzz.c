/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the ring reader: any bytes as a ring, whose head may jump while it
 * is read.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tracer/source/ring_reader.h"

/* the input: this, then what the slots hold, over and over */
struct start {
	uint64_t head, written;
	uint64_t jump;		/* added to head every 16th run */
	uint64_t from_oldest;
};

static void ring_fill(struct ring *ring, const uint8_t *data, size_t bytes)
{
	uint8_t *to = (uint8_t *)ring + RING_DATA_OFFSET;

	ring->magic = RING_MAGIC;
	ring->slots = RING_SLOTS_MIN;
	for (size_t i = 0; bytes && i < RING_SLOTS_MIN * EVENT_SLOT_BYTES; i++)
		to[i] = data[i % bytes];
}

/* Every byte of so many records, all alike; gives their number back. */
static unsigned int run_touch(const struct event_header *ev, int records)
{
	struct event_header first = *ev;

	for (int i = 0; i < records; i++) {
		size_t bytes = ev->slots * (size_t)EVENT_SLOT_BYTES;

		if (ev->id != first.id || ev->vm != first.vm ||
		    ev->slots != first.slots)
			abort();
		fuzz_sum = fuzz_touch(ev, bytes);
		ev = (const void *)((const char *)ev + bytes);
	}
	return (unsigned int)records;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const size_t ring_bytes = RING_BYTES(RING_SLOTS_MIN);
	const struct event_header *ev;
	struct source_cpu_counts c;
	struct ring_reader *r;
	struct ring *ring;
	struct start start;

	if (bytes < sizeof(start))
		return 0;
	memcpy(&start, data, sizeof(start));
	ring = calloc(1, ring_bytes);
	if (!ring)
		abort();
	ring_fill(ring, data + sizeof(start), bytes - sizeof(start));
	ring->head = start.head;
	ring->written = start.written;
	r = ring_reader_open(ring, ring_bytes, start.from_oldest & 1);
	if (!r)
		abort();
	for (unsigned int i = 1; i < 1000; i++) {
		int records = ring_reader_peek(r, &ev);

		if (records <= 0)
			break;
		/* all of the run, or the first of it */
		ring_reader_take(r, run_touch(ev, i % 3 ? records : 1));
		ring_reader_counts(r, &c);
		if (c.written < c.read + c.missed)
			abort();
		if (i % 16 == 0)
			ring->head += start.jump;
	}
	ring_reader_close(r);
	free(ring);
	return 0;
}
