/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses are kept from interval to interval, since a guest exits at the same
 * ones; a guest that exits everywhere makes all tables start anew.
 */
#include "exit-analyzer/live/rip_counts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define RIPS_BITS	4	/* at first */
/* more than that are forgotten when the interval is over ... */
#define RIPS_KEPT	(1u << 15)
/* ... and of more than that only their sum is known */
#define RIPS_MOST	(1u << 16)

_Static_assert(sizeof(struct rip_count) == 32, "two to a cache line");

void rip_pool_init(struct rip_pool *pool)
{
	pool->used = 0;
	/* without entropy the tables are merely predictable */
	if (getrandom(pool->seed, sizeof(pool->seed), GRND_NONBLOCK) < 0)
		pool->seed[0] = pool->seed[1] = 0x9e3779b97f4a7c15;
	/* never 0 */
	pool->seed[1] |= 1;
}

bool rip_pool_is_full(const struct rip_pool *pool)
{
	return pool->used > RIPS_KEPT;
}

static int rip_counts_alloc(struct rip_counts *r, unsigned int bits)
{
	size_t bytes = sizeof(struct rip_count) << bits;
	struct rip_count *count = aligned_alloc(64, bytes);

	if (!count)
		return -ENOMEM;
	r->slot = memset(count, 0, bytes);
	r->mask = ((size_t)1 << bits) - 1;
	r->shift = 64 - bits;
	return 0;
}

int rip_counts_init(struct rip_counts *r, struct rip_pool *pool)
{
	memset(r, 0, sizeof(*r));
	memcpy(r->seed, pool->seed, sizeof(r->seed));
	r->pool = pool;
	r->user.row = RIP_NEW;
	r->others.row = RIP_NEW;
	return rip_counts_alloc(r, RIPS_BITS);
}

void rip_counts_exit(struct rip_counts *r)
{
	free(r->slot);
	r->slot = NULL;
}

/* The address's slot, or the free one where it is to be put. */
static struct rip_count *rip_probe(const struct rip_counts *r, uint64_t rip)
{
	size_t i = rip_counts_slot(r, rip);

	while (r->slot[i].row != RIP_FREE && r->slot[i].rip != rip)
		i = (i + 1) & r->mask;
	return &r->slot[i];
}

static int rip_counts_grow(struct rip_counts *r)
{
	struct rip_count *old = r->slot;
	size_t mask = r->mask;
	int err = rip_counts_alloc(r, 64 - r->shift + 1);

	if (err)
		return err;
	for (size_t i = 0; i <= mask; i++)
		if (old[i].row != RIP_FREE)
			*rip_probe(r, old[i].rip) = old[i];
	free(old);
	return 0;
}

struct rip_count *rip_counts_find(struct rip_counts *r, uint64_t rip)
{
	struct rip_count *count = rip_probe(r, rip);

	if (count->row != RIP_FREE)
		return count;
	if (r->pool->used >= RIPS_MOST)
		return &r->others;
	if (4 * r->used > r->mask) {
		if (rip_counts_grow(r))
			return NULL;
		count = rip_probe(r, rip);
	}
	*count = (struct rip_count){ .rip = rip, .row = RIP_NEW };
	r->used++;
	r->pool->used++;
	return count;
}

struct rip_count *rip_counts_next(struct rip_counts *r,
				  const struct rip_count *before)
{
	size_t i = 0;

	if (before == &r->user)
		return &r->others;
	if (before == &r->others)
		return NULL;
	if (before)
		i = (size_t)(before - r->slot) + 1;
	while (i <= r->mask && r->slot[i].row == RIP_FREE)
		i++;
	return i <= r->mask ? &r->slot[i] : &r->user;
}
