/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A log-linear histogram: pages 0 and 1 count 0 to 1023 one by one; each page
 * after them covers one power of two in 512 equal buckets. So a bucket is at
 * most 1/512 as wide as its smallest value.
 */
#include "exit-analyzer/stats/histogram.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_BUCKETS	HISTOGRAM_EXACT

_Static_assert(sizeof(struct histogram) == 64, "a cache line");

static uint64_t bucket_last_value(unsigned int bucket)
{
	unsigned int page = bucket / PAGE_BUCKETS;
	unsigned int shift = page ? page - 1 : 0;

	return ((bucket - (uint64_t)shift * PAGE_BUCKETS) << shift) +
	       ((1ull << shift) - 1);
}

static int bucket_add(struct histogram_pages *pages, unsigned int bucket,
		      uint32_t count)
{
	uint32_t **page = &pages->page[bucket / PAGE_BUCKETS], *to;

	if (!*page)
		*page = calloc(PAGE_BUCKETS, sizeof(uint32_t));
	if (!*page)
		return -ENOMEM;
	to = *page + bucket % PAGE_BUCKETS;
	if (__builtin_add_overflow(*to, count, to)) {
		*to -= count;
		return -EOVERFLOW;
	}
	return 0;
}

static void pages_free(struct histogram_pages *pages)
{
	if (!pages)
		return;
	for (unsigned int p = 0; p < HISTOGRAM_PAGES; p++)
		free(pages->page[p]);
	free(pages);
}

static void pages_reset(struct histogram_pages *pages)
{
	for (unsigned int p = 0; p < HISTOGRAM_PAGES; p++)
		if (pages->page[p])
			memset(pages->page[p], 0,
			       PAGE_BUCKETS * sizeof(uint32_t));
}

/* The few become too many: from now on they are counted in buckets. */
static int histogram_spill(struct histogram *h)
{
	int err = 0;

	if (!h->pages)
		h->pages = calloc(1, sizeof(*h->pages));
	if (!h->pages)
		return -ENOMEM;
	for (uint64_t i = 0; !err && i < h->count; i++)
		err = bucket_add(h->pages, histogram_bucket(h->few[i]), 1);
	if (err)
		pages_reset(h->pages);
	h->pages->used = !err;
	return err;
}

static int histogram_place(struct histogram *h, uint64_t value)
{
	int err;

	if (!histogram_is_paged(h)) {
		if (h->count < HISTOGRAM_FEW && value <= UINT32_MAX) {
			h->few[h->count] = value;
			return 0;
		}
		err = histogram_spill(h);
		if (err)
			return err;
	}
	return bucket_add(h->pages, histogram_bucket(value), 1);
}

int histogram_add(struct histogram *h, uint64_t value)
{
	uint64_t sum;
	int err;

	if (__builtin_add_overflow(h->sum, value, &sum))
		return -EOVERFLOW;
	err = histogram_place(h, value);
	if (err)
		return err;
	h->sum = sum;
	if (!h->count || value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->count++;
	return 0;
}

void histogram_prefetch(const struct histogram *h, uint64_t value)
{
	const uint32_t *counter = histogram_counter(h, value);

	if (counter)
		__builtin_prefetch(counter, 1);
}

int histogram_count(struct histogram *h, uint64_t value)
{
	int err = histogram_place(h, value);

	/* the few are as many as count says */
	if (!err && !histogram_is_paged(h))
		h->count++;
	return err;
}

void histogram_counted(struct histogram *h, uint64_t count, uint64_t sum,
		       uint64_t min, uint64_t max)
{
	h->count = count;
	h->sum = sum;
	h->min = min;
	h->max = max;
}

static int histogram_merge_pages(struct histogram *to,
				 const struct histogram *from)
{
	for (unsigned int p = 0; p < HISTOGRAM_PAGES; p++) {
		const uint32_t *page = from->pages->page[p];

		for (unsigned int b = 0; page && b < PAGE_BUCKETS; b++) {
			int err = page[b] ?
				bucket_add(to->pages, p * PAGE_BUCKETS + b,
					   page[b]) : 0;
			if (err)
				return err;
		}
	}
	return 0;
}

int histogram_merge(struct histogram *to, const struct histogram *from)
{
	uint64_t sum;
	int err = 0;

	if (!histogram_is_paged(from)) {
		for (uint64_t i = 0; !err && i < from->count; i++)
			err = histogram_add(to, from->few[i]);
		return err;
	}
	if (__builtin_add_overflow(to->sum, from->sum, &sum))
		return -EOVERFLOW;
	if (!histogram_is_paged(to))
		err = histogram_spill(to);
	if (!err)
		err = histogram_merge_pages(to, from);
	if (err)
		return err;
	if (!to->count || from->min < to->min)
		to->min = from->min;
	if (from->max > to->max)
		to->max = from->max;
	to->sum = sum;
	to->count += from->count;
	return 0;
}

static int value_compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint64_t few_at_rank(const struct histogram *h, uint64_t rank)
{
	uint32_t sorted[HISTOGRAM_FEW];

	memcpy(sorted, h->few, sizeof(sorted));
	qsort(sorted, h->count, sizeof(sorted[0]), value_compare);
	return sorted[rank - 1];
}

static uint64_t page_count(const uint32_t *page)
{
	uint64_t count = 0;

	for (unsigned int b = 0; page && b < PAGE_BUCKETS; b++)
		count += page[b];
	return count;
}

/* The largest value of the bucket where so many values are reached. */
static uint64_t value_at_rank(const struct histogram *h, uint64_t rank)
{
	uint64_t seen = 0, count;
	unsigned int p, b;

	for (p = 0; p < HISTOGRAM_PAGES; p++) {
		count = page_count(h->pages->page[p]);
		if (seen + count >= rank)
			break;
		seen += count;
	}
	if (p == HISTOGRAM_PAGES)
		return h->max;
	for (b = 0; b < PAGE_BUCKETS - 1; b++) {
		seen += h->pages->page[p][b];
		if (seen >= rank)
			break;
	}
	return bucket_last_value(p * PAGE_BUCKETS + b);
}

uint64_t histogram_percentile(const struct histogram *h, unsigned int per_mille)
{
	uint64_t rank, value;

	if (!h->count)
		return 0;
	if (per_mille > 1000)
		per_mille = 1000;
	rank = ((unsigned __int128)h->count * per_mille + 999) / 1000;
	if (!rank)
		rank = 1;
	if (!histogram_is_paged(h))
		return few_at_rank(h, rank);
	value = value_at_rank(h, rank);
	return value < h->max ? value : h->max;
}

static unsigned int bits_of(uint64_t value)
{
	return value ? 64 - (unsigned int)__builtin_clzll(value) : 0;
}

void histogram_log2(const struct histogram *h, uint64_t count[HISTOGRAM_LOG2])
{
	if (!histogram_is_paged(h)) {
		for (uint64_t i = 0; i < h->count; i++)
			count[bits_of(h->few[i])]++;
		return;
	}
	for (unsigned int b = 0; h->pages->page[0] && b < PAGE_BUCKETS; b++)
		count[bits_of(b)] += h->pages->page[0][b];
	for (unsigned int p = 1; p < HISTOGRAM_PAGES; p++)
		count[p + HISTOGRAM_BITS] += page_count(h->pages->page[p]);
}

void histogram_bounds(const struct histogram *h, const uint64_t *bound,
		      size_t bounds, uint64_t *count)
{
	size_t i = 0;

	for (uint64_t n = 0; !histogram_is_paged(h) && n < h->count; n++) {
		for (i = 0; i < bounds && h->few[n] > bound[i]; i++)
			;
		if (i < bounds)
			count[i]++;
	}
	for (unsigned int p = 0;
	     histogram_is_paged(h) && p < HISTOGRAM_PAGES; p++) {
		const uint32_t *page = h->pages->page[p];

		for (unsigned int b = 0; page && b < PAGE_BUCKETS; b++) {
			if (!page[b])
				continue;
			while (i < bounds &&
			       bucket_last_value(p * PAGE_BUCKETS + b) >
			       bound[i])
				i++;
			if (i == bounds)
				return;
			count[i] += page[b];
		}
	}
}

void histogram_reset(struct histogram *h)
{
	struct histogram_pages *pages = h->pages;

	if (histogram_is_paged(h))
		pages_reset(pages);
	if (pages)
		pages->used = false;
	memset(h, 0, sizeof(*h));
	h->pages = pages;
}

void histogram_clear(struct histogram *h)
{
	pages_free(h->pages);
	memset(h, 0, sizeof(*h));
}
