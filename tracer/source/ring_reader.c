/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A passive reader of one ring: copy a batch, check, hand out records.
 *
 * Where the writer overtook the reader, the reader goes on at the first
 * page that is still whole. The number of the record that it finds there
 * says exactly how many it missed; a record of its own, LOST, says so to
 * the caller. Until then they count as waiting, so that at every moment
 * written = read + missed + waiting.
 */
#include "tracer/source/ring_reader.h"

#include <errno.h>
#include <stdlib.h>

#include "tracer/source/event_check.h"

/* 64 KiB: long enough to be cheap, short enough to stay in the L2 cache */
#define BATCH_SLOTS	(16 * RING_PAGE_SLOTS)
#define SLOT_WORDS	(EVENT_SLOT_BYTES / sizeof(uint64_t))
/* copies that were overtaken in a row; then the caller may go and do others */
#define COPY_TRIES	8

/* copied as words, read as records */
typedef uint64_t __attribute__((may_alias)) ring_word;

struct ring_reader {
	/* the mapping, which may change under us at any time */
	const struct ring *ring;
	const ring_word *data;
	/* checked once, then never read again */
	uint64_t slots;

	uint64_t position;	/* slot to copy next; the batch ends there */
	uint64_t first;		/* number that counting begins with */
	uint64_t next;		/* number of the next record */
	uint64_t read, missed;
	uint64_t last_tsc;
	/* false: whether the next record has number `next` is not known */
	bool in_step;
	bool lost_waits;	/* `lost` is what peek shows */
	const char *fault;
	struct event_lost lost;

	uint64_t written;	/* the ring's, when the batch was copied */
	/* slots [at, end) of the batch are still to be handed out */
	unsigned int at, end;
	ring_word batch[BATCH_SLOTS * SLOT_WORDS];
};

/* The oldest position that no write in progress can reach. */
static uint64_t oldest_whole(const struct ring_reader *r, uint64_t head)
{
	uint64_t reach = r->slots - RING_PAGE_SLOTS;

	return head > reach ? head - reach : 0;
}

static uint64_t page_up(uint64_t position)
{
	return (position + RING_PAGE_SLOTS - 1) & ~(RING_PAGE_SLOTS - 1ull);
}

static uint64_t load_head(const struct ring_reader *r)
{
	/* R1: what lies below head is complete; partner W3 */
	return __atomic_load_n(&r->ring->head, __ATOMIC_ACQUIRE);
}

static uint64_t load_written(const struct ring_reader *r)
{
	return __atomic_load_n(&r->ring->written, __ATOMIC_RELAXED);
}

static bool ring_valid(const struct ring *ring, size_t bytes, uint64_t *slots)
{
	if (bytes < RING_BYTES((size_t)RING_SLOTS_MIN) ||
	    __atomic_load_n(&ring->magic, __ATOMIC_RELAXED) != RING_MAGIC)
		return false;
	*slots = __atomic_load_n(&ring->slots, __ATOMIC_RELAXED);
	/* at most 2^31: the 32 bits of seq must tell a ring's records apart */
	return *slots >= RING_SLOTS_MIN && !(*slots & (*slots - 1)) &&
		*slots <= 1ull << 31 &&
		*slots <= (bytes - RING_DATA_OFFSET) / EVENT_SLOT_BYTES;
}

struct ring_reader *ring_reader_open(const struct ring *ring, size_t bytes,
				     bool from_oldest)
{
	struct ring_reader *r;
	uint64_t slots;

	if (!ring_valid(ring, bytes, &slots)) {
		errno = EPROTO;
		return NULL;
	}
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->ring = ring;
	r->data = (const ring_word *)((const char *)ring + RING_DATA_OFFSET);
	r->slots = slots;
	if (!from_oldest) {
		r->position = load_head(r);
		/* may be that of a later head: the records between the two
		 * are passed over when they are found */
		r->first = load_written(r);
		r->next = r->first;
	}
	return r;
}

void ring_reader_close(struct ring_reader *r)
{
	free(r);
}

const char *ring_reader_fault(const struct ring_reader *r)
{
	return r->fault;
}

static int reader_fail(struct ring_reader *r, const char *fault)
{
	r->fault = fault;
	return -EBADMSG;
}

static void copy_slots(struct ring_reader *r, uint64_t position,
		       unsigned int slots)
{
	uint64_t mask = r->slots * SLOT_WORDS - 1;
	uint64_t from = position * SLOT_WORDS;

	/* R2: atomic words, since the writer may be writing them */
	for (unsigned int i = 0; i < slots * SLOT_WORDS; i++)
		r->batch[i] = __atomic_load_n(&r->data[(from + i) & mask],
					      __ATOMIC_RELAXED);
}

/* Copies what lies between position and head; true if any of it is good. */
static bool batch_copy(struct ring_reader *r, uint64_t head)
{
	uint64_t start = r->position, end = head, good = start, whole;

	/* a batch ends where a record ends: at head or at a page */
	if (end - start > BATCH_SLOTS)
		end = (start + BATCH_SLOTS) & ~(RING_PAGE_SLOTS - 1ull);
	r->written = load_written(r);
	copy_slots(r, start, (unsigned int)(end - start));
	/* R3: the copy is done before head is looked at again; partner W1 */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	/* R4 */
	whole = oldest_whole(r, __atomic_load_n(&r->ring->head,
						__ATOMIC_RELAXED));
	if (start < whole) {
		good = page_up(whole);
		r->in_step = false;
	}
	if (good >= end)
		return false;
	r->position = end;
	r->at = (unsigned int)(good - start);
	r->end = (unsigned int)(end - start);
	return true;
}

/*
 * Where to go on after an overrun: at the oldest page, but nearer to head
 * with each copy that the writer overtook as a whole.
 */
static uint64_t resync_position(const struct ring_reader *r, uint64_t head,
				unsigned int tries)
{
	uint64_t behind = (r->slots - RING_PAGE_SLOTS) >> tries;

	if (behind < 2 * RING_PAGE_SLOTS)
		behind = 2 * RING_PAGE_SLOTS;
	return page_up(head - behind);
}

static int batch_fill(struct ring_reader *r)
{
	for (unsigned int tries = 0; tries < COPY_TRIES; tries++) {
		uint64_t head = load_head(r);

		if (head < r->position)
			return reader_fail(r, "its head went back");
		if (head == r->position)
			return 0;
		if (tries || r->position < oldest_whole(r, head)) {
			r->position = resync_position(r, head, tries);
			r->in_step = false;
		}
		if (batch_copy(r, head))
			return 1;
	}
	return 0;
}

static void lost_make(struct ring_reader *r, const struct event_header *after,
		      uint64_t missed)
{
	r->lost = (struct event_lost){
		.h = {
			.tsc = r->last_tsc,
			.seq = (uint32_t)r->next,
			.id = EVENT_LOST,
			.slots = sizeof(r->lost) / EVENT_SLOT_BYTES,
			.vm = EVENT_NO_VM,
		},
		.missed = missed,
		.resumed_tsc = after->tsc,
	};
	r->lost_waits = true;
}

/*
 * Out of step: which number has this record? 1: it or a LOST before it is
 * next, 0: it is from before counting began.
 */
static int record_place(struct ring_reader *r, const struct event_header *ev)
{
	uint32_t behind = (uint32_t)r->written - ev->seq;
	uint64_t number = r->written - behind;

	if (!behind || behind > r->written)
		return reader_fail(r, "a record is ahead of the ring's count");
	if (number < r->next)
		return r->next == r->first ?
			0 : reader_fail(r, "a record's number went back");
	r->in_step = true;
	if (number > r->next)
		lost_make(r, ev, number - r->next);
	return 1;
}

/* 1: the record at `at` is next. 0: it is to be passed over. */
static int record_check(struct ring_reader *r, const struct event_header *ev)
{
	unsigned int left = r->end - r->at;
	uint64_t position = r->position - left;
	unsigned int page_left = RING_PAGE_SLOTS - position % RING_PAGE_SLOTS;
	const char *fault;

	if (!ev->slots || ev->slots > left || ev->slots > page_left)
		return reader_fail(r, "a record crosses its page");
	if (ev->id == EVENT_PAD)
		return 0;
	fault = ev->id == EVENT_LOST ?
		"a record that only readers write" : event_fault(ev, left);
	if (fault)
		return reader_fail(r, fault);
	if (!r->in_step)
		return record_place(r, ev);
	if (ev->seq != (uint32_t)r->next)
		return reader_fail(r, "a record's number is not the next");
	return 1;
}

static const struct event_header *batch_record(const struct ring_reader *r)
{
	return (const struct event_header *)&r->batch[r->at * SLOT_WORDS];
}

int ring_reader_peek(struct ring_reader *r, const struct event_header **ev)
{
	int err;

	while (!r->fault && !r->lost_waits) {
		if (r->at == r->end) {
			err = batch_fill(r);
			if (err <= 0)
				return err;
		}
		*ev = batch_record(r);
		err = record_check(r, *ev);
		if (err < 0)
			return err;
		if (!err)
			r->at += (*ev)->slots;
		else if (!r->lost_waits)
			return 1;
	}
	*ev = &r->lost.h;
	return r->fault ? -EBADMSG : 1;
}

void ring_reader_take(struct ring_reader *r)
{
	const struct event_header *ev = batch_record(r);

	if (r->lost_waits) {
		r->missed += r->lost.missed;
		r->next += r->lost.missed;
		r->lost_waits = false;
		return;
	}
	r->read++;
	r->next++;
	r->last_tsc = ev->tsc;
	r->at += ev->slots;
}

void ring_reader_counts(const struct ring_reader *r,
			struct source_cpu_counts *counts)
{
	uint64_t done = r->read + r->missed;
	uint64_t written = load_written(r) - r->first;

	counts->read = r->read;
	counts->missed = r->missed;
	/* Nothing waits: then a record that is counted in `written` but not
	 * below head is one that the writer was killed over. Less than what
	 * we saw: the ring lies, and the reading will fail. */
	if ((r->at == r->end && load_head(r) == r->position) || written < done)
		written = done;
	counts->written = written;
}
