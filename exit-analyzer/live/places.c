/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places are kept from interval to interval, since a guest exits at the same
 * ones; a guest that exits everywhere makes its sampler start anew.
 */
#include "exit-analyzer/live/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define PLACES_BITS	4	/* at first */
/* more than that are forgotten when the interval is over ... */
#define PLACES_KEPT	(1u << 15)
/* ... and of more than that only their sum is known */
#define PLACES_MOST	(1u << 16)

_Static_assert(sizeof(struct place) == 32, "two to a cache line");

void places_pool_init(struct places_pool *pool)
{
	pool->used = 0;
	/* without entropy the tables are merely predictable */
	if (getrandom(pool->seed, sizeof(pool->seed), GRND_NONBLOCK) < 0)
		pool->seed[0] = pool->seed[1] = 0x9e3779b97f4a7c15;
	/* never 0 */
	pool->seed[1] |= 1;
}

bool places_pool_is_full(const struct places_pool *pool)
{
	return pool->used > PLACES_KEPT;
}

static int places_alloc(struct places *p, unsigned int bits)
{
	size_t bytes = sizeof(struct place) << bits;
	struct place *place = aligned_alloc(64, bytes);

	if (!place)
		return -ENOMEM;
	p->place = memset(place, 0, bytes);
	p->mask = ((size_t)1 << bits) - 1;
	p->shift = 64 - bits;
	return 0;
}

int places_init(struct places *p, struct places_pool *pool)
{
	memset(p, 0, sizeof(*p));
	memcpy(p->seed, pool->seed, sizeof(p->seed));
	p->pool = pool;
	p->user.row = PLACE_NEW;
	p->others.row = PLACE_NEW;
	return places_alloc(p, PLACES_BITS);
}

void places_exit(struct places *p)
{
	free(p->place);
	p->place = NULL;
}

/* The place, or the free one where it is to be put. */
static struct place *place_probe(const struct places *p, uint64_t rip)
{
	size_t i = places_slot(p, rip);

	while (p->place[i].row != PLACE_FREE && p->place[i].rip != rip)
		i = (i + 1) & p->mask;
	return &p->place[i];
}

static int places_grow(struct places *p)
{
	struct place *old = p->place;
	size_t mask = p->mask;
	int err = places_alloc(p, 64 - p->shift + 1);

	if (err)
		return err;
	for (size_t i = 0; i <= mask; i++)
		if (old[i].row != PLACE_FREE)
			*place_probe(p, old[i].rip) = old[i];
	free(old);
	return 0;
}

struct place *places_find(struct places *p, uint64_t rip)
{
	struct place *place = place_probe(p, rip);

	if (place->row != PLACE_FREE)
		return place;
	if (p->pool->used >= PLACES_MOST)
		return &p->others;
	if (4 * p->used > p->mask) {
		if (places_grow(p))
			return NULL;
		place = place_probe(p, rip);
	}
	*place = (struct place){ .rip = rip, .row = PLACE_NEW };
	p->used++;
	p->pool->used++;
	return place;
}

struct place *places_next(struct places *p, const struct place *before)
{
	size_t i = 0;

	if (before == &p->user)
		return &p->others;
	if (before == &p->others)
		return NULL;
	if (before)
		i = (size_t)(before - p->place) + 1;
	while (i <= p->mask && p->place[i].row == PLACE_FREE)
		i++;
	return i <= p->mask ? &p->place[i] : &p->user;
}
