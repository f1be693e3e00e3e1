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
#include <string.h>

#include "tracer/event/event_check.h"

/* 16 KiB: long enough to be cheap, short enough to stay in the L1 cache */
#define BATCH_SLOTS	(2 * RING_PAGE_SLOTS)
#define SLOT_WORDS	(EVENT_SLOT_BYTES / sizeof(uint64_t))
#define READER_ALIGN	4096
/* so far ahead of the copy memory is asked for: 1 KiB */
#define AHEAD_SLOTS	16
/* of a record: number, kind, length and VM */
#define HEADER_WORD	(offsetof(struct event_header, seq) / sizeof(uint64_t))
/* copies that were overtaken in a row; then the caller may go and do others */
#define COPY_TRIES	8

/* copied as words, read as records */
typedef uint64_t __attribute__((may_alias)) ring_word;
/* as wide as any x86-64 loads it at once */
typedef uint64_t ring_chunk __attribute__((may_alias, vector_size(16)));

_Static_assert(EVENT_SLOT_BYTES == 4 * sizeof(ring_chunk), "copy_slot()");

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
	/* Slots [at, end) of the batch are still to be taken. */
	unsigned int at, end;
	unsigned int run;	/* so many records from `at` on are good, and alike */
	/* As the ring's pages: a load waits for an earlier store at the same
	 * offset in a page, and so those are the ones a page before. */
	ring_word batch[BATCH_SLOTS * SLOT_WORDS]
		__attribute__((aligned(READER_ALIGN)));
};

/* The oldest position that no write in progress can reach. */
static uint64_t oldest_whole(const struct ring_reader *r, uint64_t head)
{
	uint64_t reach = r->slots - RING_PAGE_SLOTS;

	return head > reach ? head - reach : 0;
}

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
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
	if ((uintptr_t)ring % sizeof(ring_chunk) ||
	    bytes < RING_BYTES((size_t)RING_SLOTS_MIN) ||
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
	r = aligned_alloc(READER_ALIGN, sizeof(*r));
	if (!r)
		return NULL;
	memset(r, 0, sizeof(*r));
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

static inline void copy_slot(ring_word *to, const ring_word *from)
{
	const volatile ring_chunk *chunk = (const volatile ring_chunk *)from;
	ring_chunk a = chunk[0], b = chunk[1], c = chunk[2], d = chunk[3];

	((ring_chunk *)to)[0] = a;
	((ring_chunk *)to)[1] = b;
	((ring_chunk *)to)[2] = c;
	((ring_chunk *)to)[3] = d;
}

/*
 * R2: volatile, since the writer may be writing them: each word is loaded
 * once, between the two looks at head. Words of two writes may be mixed, in
 * a chunk as in a record; then the second look tells.
 */
static inline void copy_run(ring_word *to, const ring_word *from,
			    uint64_t slots, uint64_t ahead)
{
	const ring_word *end = from + slots * SLOT_WORDS;

	for (; from != end; from += SLOT_WORDS, to += SLOT_WORDS) {
		if (ahead)
			__builtin_prefetch(from + ahead * SLOT_WORDS);
		copy_slot(to, from);
	}
}

/*
 * Asks early for the slots that come next and lie below head: a processor by
 * itself looks no further than to the end of a page of 4 KiB. Slots above head
 * are the writer's alone.
 */
static void copy_slots(struct ring_reader *r, uint64_t position, uint64_t end,
		       uint64_t head)
{
	ring_word *to = r->batch;

	while (position != end) {
		uint64_t at = position & (r->slots - 1);
		const ring_word *from = r->data + at * SLOT_WORDS;
		/* the last of the ring's slots is followed by its first */
		uint64_t below = min_u64(head - position, r->slots - at);
		uint64_t slots = min_u64(end - position, below);
		uint64_t ahead = below < AHEAD_SLOTS ? 0 :
			min_u64(slots, below - AHEAD_SLOTS);

		copy_run(to, from, ahead, AHEAD_SLOTS);
		copy_run(to + ahead * SLOT_WORDS, from + ahead * SLOT_WORDS,
			 slots - ahead, 0);
		to += slots * SLOT_WORDS;
		position += slots;
	}
}

/* Copies what lies between position and head; true if any of it is good. */
static bool batch_copy(struct ring_reader *r, uint64_t head)
{
	uint64_t start = r->position, end = head, good = start, whole;

	/* a batch ends where a record ends: at head or at a page */
	if (end - start > BATCH_SLOTS)
		end = (start + BATCH_SLOTS) & ~(RING_PAGE_SLOTS - 1ull);
	r->written = load_written(r);
	copy_slots(r, start, end, head);
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

static const struct event_header *batch_record(const struct ring_reader *r,
					       unsigned int slot)
{
	return (const struct event_header *)&r->batch[slot * SLOT_WORDS];
}

/* 1: the record is next. 0: it is to be passed over. */
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

/*
 * Returns how many behind this one are like it. Most records are exits, and
 * like the one before: then the words that hold number, kind, length and VM
 * differ by one, and only the rules of an exit are left to be checked. The
 * record that ends the run is checked when its turn comes.
 */
static unsigned int records_alike(const struct ring_reader *r,
				  const struct event_header *ev)
{
	const ring_word *word = &r->batch[r->at * SLOT_WORDS];
	unsigned int more = r->end - r->at - 1, n;
	uint64_t like = word[HEADER_WORD];

	if (ev->id != EVENT_VMEXIT || ev->slots != 1)
		return 0;
	/* a carry out of the number would make it another kind */
	if (more > UINT32_MAX - ev->seq)
		more = UINT32_MAX - ev->seq;
	for (n = 0; n < more; n++) {
		word += SLOT_WORDS;
		if (word[HEADER_WORD] != ++like ||
		    event_vmexit_fault((const struct event_vmexit *)word))
			break;
	}
	return n;
}

/* The next run of the batch; none if a LOST comes first. */
static void run_find(struct ring_reader *r)
{
	while (r->at < r->end) {
		const struct event_header *ev = batch_record(r, r->at);
		int good = record_check(r, ev);

		if (good < 0 || r->lost_waits)
			return;
		if (good) {
			r->run = 1 + records_alike(r, ev);
			return;
		}
		r->at += ev->slots;
	}
}

int ring_reader_peek(struct ring_reader *r, const struct event_header **ev)
{
	while (!r->run && !r->lost_waits) {
		int err;

		if (r->fault)
			return -EBADMSG;
		err = r->at == r->end ? batch_fill(r) : 1;
		if (err <= 0)
			return err;
		run_find(r);
	}
	*ev = r->lost_waits ? &r->lost.h : batch_record(r, r->at);
	return r->lost_waits ? 1 : (int)r->run;
}

void ring_reader_take(struct ring_reader *r, unsigned int records)
{
	unsigned int slots;

	if (!records)
		return;
	if (r->lost_waits) {
		r->missed += r->lost.missed;
		r->next += r->lost.missed;
		r->lost_waits = false;
		return;
	}
	slots = batch_record(r, r->at)->slots;
	r->read += records;
	r->next += records;
	r->run -= records;
	r->at += records * slots;
	r->last_tsc = batch_record(r, r->at - slots)->tsc;
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
