/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits of one vCPU and reason by the address that they come from. An exit
 * costs a look into a table that is small enough to stay in a cache, and two
 * additions; what function an address lies in is asked once an address, when
 * an interval ends.
 */
#ifndef EXIT_ANALYZER_LIVE_RIP_COUNTS_H
#define EXIT_ANALYZER_LIVE_RIP_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two to a cache line. */
struct rip_count {
	uint64_t rip;
	/* since they were last taken away */
	uint64_t cycles;
	uint32_t count, max_cycles;
	uint32_t row;		/* what the caller adds it to, or: */
};
#define RIP_FREE	0	/* not in use */
#define RIP_NEW		1	/* the caller was not asked yet */
#define RIP_ROWS	2	/* the caller's numbers begin here */

/* Shared by the tables of one interval counter. */
struct rip_pool {
	uint64_t seed[2];	/* random: guests must not choose what collides */
	size_t used;
};

struct rip_counts {
	/* open addressing with linear probing, a quarter full at most */
	struct rip_count *slot;
	uint64_t seed[2];	/* the pool's */
	unsigned int shift;	/* from a hash to a slot */
	unsigned int used;
	size_t mask;		/* how many slots there are, less one */
	struct rip_pool *pool;
	struct rip_count user;	/* exits from user mode, of any address */
	struct rip_count others; /* those that there was no room for */
};

void rip_pool_init(struct rip_pool *pool);
/* Whether more is held than is worth keeping until the next interval. */
bool rip_pool_is_full(const struct rip_pool *pool);

/* 0 or -ENOMEM. The pool is borrowed. */
int rip_counts_init(struct rip_counts *r, struct rip_pool *pool);
void rip_counts_exit(struct rip_counts *r);
/*
 * The address's count, a new one if it was not known; `others` if there is no
 * room. All may move. NULL: out of memory.
 */
struct rip_count *rip_counts_find(struct rip_counts *r, uint64_t rip);
/* All in use, one after the other; NULL begins, and ends. */
struct rip_count *rip_counts_next(struct rip_counts *r,
				  const struct rip_count *before);

/* Where an address is first looked for, and nearly always stands. */
static inline size_t rip_counts_slot(const struct rip_counts *r, uint64_t rip)
{
	unsigned __int128 x = (unsigned __int128)(rip ^ r->seed[0]) *
			      r->seed[1];

	return ((uint64_t)x ^ (uint64_t)(x >> 64)) >> r->shift;
}

static inline bool rip_count_is(const struct rip_count *c, uint64_t rip)
{
	return c->rip == rip && c->row != RIP_FREE;
}

/* At most UINT32_MAX before they are taken away. */
static inline void rip_count_add(struct rip_count *c, uint32_t cycles)
{
	c->count++;
	c->cycles += cycles;
	if (cycles > c->max_cycles)
		c->max_cycles = cycles;
}

#endif
