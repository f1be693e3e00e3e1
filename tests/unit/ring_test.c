/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring: the core's writer and the tools' reader in one process. Every
 * word of every record is checked, and so is written = read + missed.
 */
#include "tests/unit/ring_maker.h"

#include <errno.h>

#include "vmm-core/abi/anchor.h"

#define SLOTS	RING_SLOTS_MIN

static void reads_what_was_written(void **state)
{
	struct ring *ring = ring_make(SLOTS, 0, 0);
	struct source_cpu_counts c;
	struct watcher w;

	(void)state;
	watcher_open(&w, ring, true, false);
	assert_int_equal(watcher_read(&w, ~0ull), 0);
	for (int i = 0; i < 100; i++)
		record_write(ring, false);
	assert_int_equal(watcher_read(&w, 30), 30);
	ring_reader_counts(w.reader, &c);
	assert_int_equal(c.written, 100);
	assert_int_equal(c.read, 30);
	watcher_drain(&w, ring);
	assert_int_equal(w.read, 100);
	assert_int_equal(w.missed, 0);
	watcher_close(&w);
	free(ring);
}

/* A run is as long as records are good, and may be taken in parts. */
static void runs_may_be_taken_in_parts(void **state)
{
	struct ring *ring = ring_make(SLOTS, 10, 0);
	const struct event_header *first, *ev;
	struct source_cpu_counts c;
	struct watcher w;

	(void)state;
	watcher_open(&w, ring, false, false);
	for (int i = 0; i < 100; i++)
		record_write(ring, false);
	assert_int_equal(ring_reader_peek(w.reader, &first), 100);
	assert_int_equal(ring_reader_peek(w.reader, &ev), 100);
	assert_ptr_equal(ev, first);
	ring_reader_counts(w.reader, &c);
	assert_int_equal(c.read, 0);
	assert_int_equal(watcher_take(&w, first, 64), 64);
	record_write(ring, false);
	ring_reader_counts(w.reader, &c);
	assert_int_equal(c.read, 64);
	assert_int_equal(c.written, 101);
	assert_int_equal(ring_reader_peek(w.reader, &ev), 36);
	assert_ptr_equal(ev, (const u8 *)first + 64 * EVENT_SLOT_BYTES);
	assert_int_equal(watcher_take(&w, ev, 36), 36);
	assert_int_equal(ring_reader_peek(w.reader, &ev), 1);
	watcher_drain(&w, ring);
	watcher_close(&w);
	free(ring);
}

static void kind_write(struct ring *ring, enum event_id id, u16 vm, u32 slots)
{
	struct event_header *ev = ring_reserve(ring, slots);

	memset(ev, 0, slots * EVENT_SLOT_BYTES);
	*ev = (struct event_header){ .seq = (u32)ring->written, .id = id,
				     .slots = slots, .vm = vm };
	ring_commit(ring, slots);
}

/* One look at the first of a run tells what all of it is. */
static void runs_are_of_one_kind_vm_and_length(void **state)
{
	static const struct {
		enum event_id id;
		u16 vm;
		u32 slots, records;
	} runs[] = {
		{ EVENT_VMEXIT, 0, 1, 5 }, { EVENT_TLB_FLUSH, 0, 1, 1 },
		{ EVENT_VMEXIT, 1, 1, 3 }, { EVENT_VMEXIT, 0, 1, 2 },
		{ EVENT_VMEXIT, 0, 3, 1 }, { EVENT_VMEXIT, 0, 1, 4 },
		{ EVENT_HYPERCALL, 0, 2, 1 }, { EVENT_VMEXIT, 0, 1, 1 },
	};
	const u32 kinds = sizeof(runs) / sizeof(runs[0]);
	struct ring *ring = ring_make(SLOTS, 0, 0);
	const struct event_header *ev;
	struct ring_reader *r;

	(void)state;
	r = ring_reader_open(ring, RING_BYTES(SLOTS), false);
	for (u32 i = 0; i < kinds; i++)
		for (u32 n = 0; n < runs[i].records; n++)
			kind_write(ring, runs[i].id, runs[i].vm, runs[i].slots);
	for (u32 i = 0; i < kinds; i++) {
		assert_int_equal(ring_reader_peek(r, &ev), runs[i].records);
		assert_int_equal(ev->id, runs[i].id);
		assert_int_equal(ev->vm, runs[i].vm);
		assert_int_equal(ev->slots, runs[i].slots);
		ring_reader_take(r, runs[i].records);
	}
	assert_int_equal(ring_reader_peek(r, &ev), 0);
	ring_reader_close(r);
	free(ring);
}

static void wraps_without_loss(bool long_ones)
{
	struct ring *ring = ring_make(SLOTS, 0, 0);
	struct watcher w;

	watcher_open(&w, ring, true, long_ones);
	for (int i = 0; i < 20000; i++) {
		record_write(ring, long_ones);
		/* the smallest ring holds one of the longest for sure */
		if (long_ones || i % 50 == 0)
			watcher_drain(&w, ring);
	}
	watcher_drain(&w, ring);
	assert_int_equal(w.read, 20000);
	assert_int_equal(w.missed, 0);
	watcher_close(&w);
	free(ring);
}

static void short_records_wrap(void **state)
{
	(void)state;
	wraps_without_loss(false);
}

static void long_records_wrap(void **state)
{
	(void)state;
	wraps_without_loss(true);
}

static void overrun_is_counted_exactly(void **state)
{
	/* every phase of head within a page, below and above the margin */
	for (u64 extra = 0; extra < 3 * RING_PAGE_SLOTS; extra++) {
		struct ring *ring = ring_make(SLOTS, 0, 0);
		u64 total = SLOTS - RING_PAGE_SLOTS + extra;
		/* what no write in progress can reach, from a page on */
		u64 held = extra ? (SLOTS - RING_PAGE_SLOTS) -
			(RING_PAGE_SLOTS - extra % RING_PAGE_SLOTS) %
			RING_PAGE_SLOTS : total;
		struct watcher w;

		watcher_open(&w, ring, true, false);
		for (u64 i = 0; i < total; i++)
			record_write(ring, false);
		watcher_drain(&w, ring);
		assert_int_equal(w.read, held);
		assert_int_equal(w.missed, total - held);
		assert_int_equal(w.losses, held != total);
		watcher_close(&w);
		free(ring);
	}
	(void)state;
}

static void random_paces_lose_exactly(void **state)
{
	struct ring *ring = ring_make(1024, 0, 0);
	struct watcher a, b;

	(void)state;
	watcher_open(&a, ring, true, true);
	watcher_open(&b, ring, true, true);
	for (u64 i = 0; i < 3000; i++) {
		for (u64 n = mix(i) % 200; n > 0; n--)
			record_write(ring, true);
		watcher_read(&a, mix(i + 1) % 300);
		watcher_read(&b, mix(i + 2) % 10);
	}
	watcher_drain(&a, ring);
	watcher_drain(&b, ring);
	assert_true(a.losses > 10 && b.losses > 10 && a.read > b.read);
	watcher_close(&a);
	watcher_close(&b);
	free(ring);
}

static void pads_fill_the_page(void **state)
{
	struct ring *ring = ring_make(SLOTS, RING_PAGE_SLOTS - 3, 7);
	struct event_header *pad = ring_slot(ring);
	u64 *to;

	(void)state;
	memset(pad, 0xff, 3 * EVENT_SLOT_BYTES);
	to = ring_reserve(ring, 4);
	assert_ptr_equal(to, (u8 *)ring + RING_DATA_OFFSET +
			 RING_PAGE_SLOTS * EVENT_SLOT_BYTES);
	assert_int_equal(pad->id, EVENT_PAD);
	assert_int_equal(pad->slots, 3);
	assert_int_equal(pad->tsc, 0);
	assert_int_equal(ring->head, RING_PAGE_SLOTS);
	assert_int_equal(ring->written, 7);
	ring_commit(ring, 4);
	assert_int_equal(ring->head, RING_PAGE_SLOTS + 4);
	assert_int_equal(ring->written, 8);
	/* what just fits needs no pad */
	ring->head = RING_PAGE_SLOTS - 3;
	assert_ptr_equal(ring_reserve(ring, 3), pad);
	ring->head = 3 * RING_PAGE_SLOTS;
	ring_reserve(ring, RING_PAGE_SLOTS);
	assert_int_equal(ring->head, 3 * RING_PAGE_SLOTS);
	free(ring);
}

static void numbers_pass_2_to_the_32(void **state)
{
	const u64 start = (1ull << 32) - 300;
	struct ring *ring = ring_make(SLOTS, 12345 * RING_PAGE_SLOTS, start);
	struct watcher newest, slow, oldest;

	(void)state;
	watcher_open(&newest, ring, false, false);
	watcher_open(&slow, ring, false, false);
	for (int i = 0; i < 1000; i++) {
		record_write(ring, false);
		watcher_drain(&newest, ring);
	}
	assert_int_equal(newest.read, 1000);
	assert_int_equal(newest.missed, 0);
	watcher_drain(&slow, ring);
	assert_int_equal(slow.read + slow.missed, 1000);
	assert_int_equal(slow.losses, 1);
	/* more than 2^32 may be lost, too */
	watcher_open(&oldest, ring, true, false);
	watcher_drain(&oldest, ring);
	assert_int_equal(oldest.losses, 1);
	assert_true(oldest.missed > 1ull << 32);
	watcher_close(&newest);
	watcher_close(&slow);
	watcher_close(&oldest);
	free(ring);
}

static void newest_begins_exactly(void **state)
{
	struct ring *ring = ring_make(SLOTS, 0, 0);
	struct watcher w;

	(void)state;
	for (int i = 0; i < 10; i++)
		record_write(ring, false);
	/* caught in the middle of a commit: `written` is there, head not */
	record_write(ring, false);
	ring->head--;
	watcher_open(&w, ring, false, false);
	assert_int_equal(w.number, 11);
	assert_int_equal(watcher_read(&w, ~0ull), 0);
	ring->head++;
	assert_int_equal(watcher_read(&w, ~0ull), 0);
	record_write(ring, false);
	watcher_drain(&w, ring);
	assert_int_equal(w.read, 1);
	watcher_close(&w);
	/* and overtaken before its first look */
	watcher_open(&w, ring, false, false);
	for (int i = 0; i < 1000; i++)
		record_write(ring, false);
	watcher_drain(&w, ring);
	assert_int_equal(w.read + w.missed, 1000);
	watcher_close(&w);
	free(ring);
}

static void record_that_was_never_finished_does_not_count(void **state)
{
	struct ring *ring = ring_make(SLOTS, 0, 0);
	struct source_cpu_counts c;
	struct watcher w;

	(void)state;
	watcher_open(&w, ring, true, false);
	for (int i = 0; i < 11; i++)
		record_write(ring, false);
	/* the machine was killed between the two stores of the commit */
	ring->head--;
	assert_int_equal(watcher_read(&w, ~0ull), 10);
	ring_reader_counts(w.reader, &c);
	assert_int_equal(c.written, 10);
	assert_int_equal(c.read, 10);
	watcher_close(&w);
	free(ring);
}

static void open_refuses(const struct ring *ring, size_t bytes)
{
	errno = 0;
	assert_null(ring_reader_open(ring, bytes, true));
	assert_int_equal(errno, EPROTO);
}

static void opens_only_where_words_are_aligned(const struct ring *ring,
					       size_t bytes)
{
	u8 *ram = aligned_alloc(4096, bytes + 4096);
	struct ring_reader *r;

	assert_non_null(ram);
	memcpy(ram + 8, ring, bytes);
	open_refuses((void *)(ram + 8), bytes);
	memcpy(ram + 16, ring, bytes);
	r = ring_reader_open((void *)(ram + 16), bytes, true);
	assert_non_null(r);
	ring_reader_close(r);
	free(ram);
}

static void what_is_no_ring_is_refused(void **state)
{
	struct ring *ring = ring_make(SLOTS, 0, 0);
	size_t bytes = RING_BYTES(SLOTS);
	static const u64 bad[] = {
		0, 1, SLOTS / 2, SLOTS - 1, SLOTS + 1, 2 * SLOTS, 1ull << 32,
		1ull << 63, ~0ull,
	};

	(void)state;
	open_refuses(ring, 0);
	open_refuses(ring, sizeof(*ring));
	open_refuses(ring, bytes - 1);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		ring->slots = bad[i];
		open_refuses(ring, bytes);
	}
	ring->slots = SLOTS;
	opens_only_where_words_are_aligned(ring, bytes);
	ring->magic++;
	open_refuses(ring, bytes);
	free(ring);
}

/* Ten records, of which the fourth is spoilt: three come, then the error. */
static void fault_ends_reading(void (*spoil)(struct ring *, struct event_header *))
{
	struct ring *ring = ring_make(SLOTS, 0, 0);
	struct event_header *fourth = (void *)((u8 *)ring + RING_DATA_OFFSET +
					       3 * EVENT_SLOT_BYTES);
	const struct event_header *ev;
	struct watcher w;

	for (int i = 0; i < 10; i++)
		record_write(ring, false);
	watcher_open(&w, ring, true, false);
	assert_int_equal(watcher_read(&w, 2), 2);
	spoil(ring, fourth);
	ring_reader_close(w.reader);
	w.reader = ring_reader_open(ring, RING_BYTES(SLOTS), true);
	w.number = w.read = w.last_tsc = 0;
	assert_int_equal(watcher_read(&w, 3), 3);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ring_reader_peek(w.reader, &ev), -EBADMSG);
		assert_non_null(ring_reader_fault(w.reader));
	}
	watcher_close(&w);
	free(ring);
}

static void spoil_no_slots(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	ev->slots = 0;
}

static void spoil_beyond_page(struct ring *ring, struct event_header *ev)
{
	ring->head = 2 * RING_PAGE_SLOTS;
	ev->slots = RING_PAGE_SLOTS;
}

static void spoil_beyond_head(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	ev->slots = 8;
}

static void spoil_id(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	ev->id = 200;
}

static void spoil_lost(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	ev->id = EVENT_LOST;
}

static void spoil_short(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	ev->id = EVENT_HYPERCALL;
}

static void spoil_reason(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	((struct event_vmexit *)ev)->reason = EXIT_REASONS;
}

static void spoil_vm(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	ev->vm = ANCHOR_VMS_MAX;
}

static void spoil_vcpu(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	((struct event_vmexit *)ev)->vcpu = ANCHOR_VCPUS_MAX;
}

/* of more frames than the record has room for */
static void spoil_call_chain(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	ev->id = EVENT_CALL_CHAIN;
	((struct event_call_chain *)ev)->frames = 6;
}

static void spoil_seq(struct ring *ring, struct event_header *ev)
{
	(void)ring;
	ev->seq++;
}

static void faults_end_reading(void **state)
{
	(void)state;
	fault_ends_reading(spoil_no_slots);
	fault_ends_reading(spoil_beyond_page);
	fault_ends_reading(spoil_beyond_head);
	fault_ends_reading(spoil_id);
	fault_ends_reading(spoil_lost);
	fault_ends_reading(spoil_short);
	fault_ends_reading(spoil_reason);
	fault_ends_reading(spoil_vm);
	fault_ends_reading(spoil_vcpu);
	fault_ends_reading(spoil_call_chain);
	fault_ends_reading(spoil_seq);
}

/*
 * Where the number of an exit has all its bits set, the next exit's header is
 * not the one before plus one: that would be another kind, unchecked.
 */
static void kind_is_checked_across_2_to_the_32(void **state)
{
	struct ring *ring = ring_make(SLOTS, 0, (1ull << 32) - 2);
	const struct event_header *ev;
	struct event_tlb_flush *flush;
	struct ring_reader *r;

	(void)state;
	r = ring_reader_open(ring, RING_BYTES(SLOTS), false);
	record_write(ring, false);
	record_write(ring, false);
	flush = ring_slot(ring);
	*flush = (struct event_tlb_flush){
		.h = { .id = EVENT_TLB_FLUSH, .slots = 1 },
		.scope = TLB_SCOPES,
	};
	ring_commit(ring, 1);
	assert_int_equal(ring_reader_peek(r, &ev), 2);
	assert_null(ring_reader_fault(r));
	ring_reader_take(r, 2);
	assert_int_equal(ring_reader_peek(r, &ev), -EBADMSG);
	assert_string_equal(ring_reader_fault(r), "a TLB flush whose scope or "
			    "cause is not known");
	ring_reader_close(r);
	free(ring);
}

static void head_that_goes_back_is_a_fault(void **state)
{
	struct ring *ring = ring_make(SLOTS, 0, 0);
	const struct event_header *ev;
	struct watcher w;

	(void)state;
	for (int i = 0; i < 10; i++)
		record_write(ring, false);
	watcher_open(&w, ring, true, false);
	watcher_drain(&w, ring);
	ring->head = 5;
	assert_int_equal(ring_reader_peek(w.reader, &ev), -EBADMSG);
	watcher_close(&w);
	free(ring);
}

/* Whatever stands in the mapping: every call returns, and in bounds. */
static void noise_is_survived(void **state)
{
	struct ring *ring = ring_make(SLOTS, 0, 0);
	u64 *data = (u64 *)((u8 *)ring + RING_DATA_OFFSET);
	const struct event_header *ev;

	(void)state;
	for (u64 round = 0; round < 2000; round++) {
		struct ring_reader *r;
		u64 x = mix(round);

		for (u64 i = 0; i < SLOTS * 8; i++)
			data[i] = mix(x + i) & mix(x - i);
		ring->head = x % 3 ? x % 1000 : x;
		ring->written = x % 5 ? x % 1000 : mix(x);
		/* mostly well-formed headers, or nothing gets far */
		for (u64 i = 0; i < SLOTS && round % 4; i++)
			record_fill(data + i * 8, i + x % 2 * mix(i) % 2, 1);
		r = ring_reader_open(ring, RING_BYTES(SLOTS), round % 2);
		for (int i = 0; i < 1000; i++) {
			int records = ring_reader_peek(r, &ev);

			if (records <= 0)
				break;
			ring_reader_take(r, 1 + (u32)mix(x ^ (u64)i) %
						(u32)records);
			if (i % 100 == 50)
				ring->head += mix(x + (u64)i) % 512;
		}
		ring_reader_close(r);
	}
	free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_was_written),
		cmocka_unit_test(runs_may_be_taken_in_parts),
		cmocka_unit_test(runs_are_of_one_kind_vm_and_length),
		cmocka_unit_test(short_records_wrap),
		cmocka_unit_test(long_records_wrap),
		cmocka_unit_test(overrun_is_counted_exactly),
		cmocka_unit_test(random_paces_lose_exactly),
		cmocka_unit_test(pads_fill_the_page),
		cmocka_unit_test(numbers_pass_2_to_the_32),
		cmocka_unit_test(newest_begins_exactly),
		cmocka_unit_test(record_that_was_never_finished_does_not_count),
		cmocka_unit_test(what_is_no_ring_is_refused),
		cmocka_unit_test(faults_end_reading),
		cmocka_unit_test(kind_is_checked_across_2_to_the_32),
		cmocka_unit_test(head_that_goes_back_is_a_fault),
		cmocka_unit_test(noise_is_survived),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
