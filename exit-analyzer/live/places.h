/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where in a guest the exits of one vCPU and reason come from. An exit costs a
 * look into a table that is small enough to stay in a cache, and two
 * additions; what function a place lies in is asked once a place, when an
 * interval ends.
 */
#ifndef EXIT_ANALYZER_LIVE_PLACES_H
#define EXIT_ANALYZER_LIVE_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two to a cache line. */
struct place {
	uint64_t rip;
	/* since they were last taken away */
	uint64_t cycles;
	uint32_t count, max_cycles;
	uint32_t row;		/* what the caller adds it to, or: */
};
#define PLACE_FREE	0	/* not in use */
#define PLACE_NEW	1	/* the caller was not asked yet */
#define PLACE_ROWS	2	/* the caller's numbers begin here */

/* What the places of one sampler have in common. */
struct places_pool {
	uint64_t seed[2];	/* random: guests must not choose what collides */
	size_t used;
};

struct places {
	/* open addressing with linear probing, a quarter full at most */
	struct place *place;
	size_t mask;		/* of an index; so many less one there are */
	unsigned int shift;	/* of a hash, to one */
	unsigned int used;
	uint64_t seed[2];	/* the pool's */
	struct places_pool *pool;
	struct place user;	/* exits from user mode, of any address */
	struct place others;	/* what there was no room for */
};

void places_pool_init(struct places_pool *pool);
/* More than is worth keeping until the next interval? */
bool places_pool_is_full(const struct places_pool *pool);

/* 0 or -ENOMEM. The pool is borrowed. */
int places_init(struct places *p, struct places_pool *pool);
void places_exit(struct places *p);
/*
 * The place, a new one if it was not known; `others` if there is no room.
 * All may move. NULL: out of memory.
 */
struct place *places_find(struct places *p, uint64_t rip);
/* All in use, one after the other; NULL begins, and ends. */
struct place *places_next(struct places *p, const struct place *before);

/* Where a place is first looked for, and nearly always stands. */
static inline size_t places_slot(const struct places *p, uint64_t rip)
{
	unsigned __int128 x = (unsigned __int128)(rip ^ p->seed[0]) *
			      p->seed[1];

	return ((uint64_t)x ^ (uint64_t)(x >> 64)) >> p->shift;
}

static inline bool place_is(const struct place *place, uint64_t rip)
{
	return place->rip == rip && place->row != PLACE_FREE;
}

/* At most UINT32_MAX before they are taken away. */
static inline void place_count(struct place *place, uint32_t cycles)
{
	place->count++;
	place->cycles += cycles;
	if (cycles > place->max_cycles)
		place->max_cycles = cycles;
}

#endif
