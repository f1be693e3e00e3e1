/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A passive reader of one ring (vmm-core/abi/ring.h).
 *
 * It copies whole batches out of a read-only mapping, checks afterwards
 * that the writer did not overtake the copy, counts what it missed, and
 * hands out the records in runs that were checked as a whole.
 * Nothing that the mapping says is trusted: a ring that breaks its own
 * rules ends the reading with -EBADMSG.
 *
 * A reader belongs to one thread; a ring may have any number of readers.
 */
#ifndef TRACER_SOURCE_RING_READER_H
#define TRACER_SOURCE_RING_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/source/source_counts.h"
#include "vmm-core/abi/event.h"
#include "vmm-core/abi/ring.h"

struct ring_reader;

/*
 * bytes: how much may be read from ring on. Counting begins with the first
 * record since boot if from_oldest, else with the next one to come. NULL and
 * errno: EPROTO no ring of this ABI stands there, ENOMEM.
 */
struct ring_reader *ring_reader_open(const struct ring *ring, size_t bytes,
				     bool from_oldest);
/* NULL is fine. */
void ring_reader_close(struct ring_reader *r);

/*
 * The next records: how many stand at *ev, one behind the other, all of the
 * same kind, VM and length. They stay where they are, also when they have
 * been taken, until the next call of this. A LOST stands alone. 0: there is
 * none now, -EBADMSG.
 */
int ring_reader_peek(struct ring_reader *r, const struct event_header **ev);
/*
 * Counts the first of the records that were peeked at as read, so many and
 * no more than there were, and moves on. The others still wait.
 */
void ring_reader_take(struct ring_reader *r, unsigned int records);

void ring_reader_counts(const struct ring_reader *r,
			struct source_cpu_counts *counts);
/* Static text: which rule the ring broke; NULL while it broke none. */
const char *ring_reader_fault(const struct ring_reader *r);

#endif
