/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A log-linear histogram: page 0 counts 0 to 511 one by one; each page after
 * it covers one power of two in 512 equal buckets. So a bucket is at most
 * 1/512 as wide as its smallest value.
 */
#include "exit-analyzer/histogram.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_BUCKETS	HISTOGRAM_EXACT
#define PAGE_BITS	9			/* log2 of it */
#define PAGES		(64 - PAGE_BITS + 1)	/* of all 64-bit values */

struct histogram_pages {
	uint32_t *page[PAGES];
};

static unsigned int page_of(uint64_t value)
{
	/* the bits of page 0 make it 0 for every value there */
	return 64 - PAGE_BITS -
		(unsigned int)__builtin_clzll(value | (PAGE_BUCKETS - 1));
}

/* The leading one of a value above page 0 is in its page's number already. */
static unsigned int bucket_of(uint64_t value, unsigned int page)
{
	return (value >> (page - !!page)) & (PAGE_BUCKETS - 1);
}

static uint64_t bucket_last_value(unsigned int page, unsigned int bucket)
{
	if (!page)
		return bucket;
	return ((uint64_t)(PAGE_BUCKETS + bucket) << (page - 1)) +
	       ((1ull << (page - 1)) - 1);
}

static int bucket_add(struct histogram_pages *pages, unsigned int p,
		      unsigned int bucket, uint32_t count)
{
	if (!pages->page[p]) {
		pages->page[p] = calloc(PAGE_BUCKETS, sizeof(uint32_t));
		if (!pages->page[p])
			return -ENOMEM;
	}
	if (__builtin_add_overflow(pages->page[p][bucket], count,
				   &pages->page[p][bucket])) {
		pages->page[p][bucket] -= count;
		return -EOVERFLOW;
	}
	return 0;
}

static void pages_free(struct histogram_pages *pages)
{
	if (!pages)
		return;
	for (unsigned int p = 0; p < PAGES; p++)
		free(pages->page[p]);
	free(pages);
}

static void pages_reset(struct histogram_pages *pages)
{
	for (unsigned int p = 0; p < PAGES; p++)
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
	for (uint64_t i = 0; !err && i < h->count; i++) {
		unsigned int p = page_of(h->few[i]);

		err = bucket_add(h->pages, p, bucket_of(h->few[i], p), 1);
	}
	if (err)
		pages_reset(h->pages);
	h->paged = !err;
	return err;
}

static int histogram_place(struct histogram *h, uint64_t value)
{
	unsigned int p = page_of(value);
	int err;

	if (!h->paged) {
		if (h->count < HISTOGRAM_FEW) {
			h->few[h->count] = value;
			return 0;
		}
		err = histogram_spill(h);
		if (err)
			return err;
	}
	return bucket_add(h->pages, p, bucket_of(value, p), 1);
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

/*
 * Values before the first that needs a new page. No bucket is as full as all
 * of them together, so none can overflow.
 */
static size_t buckets_add(struct histogram *h, const uint32_t *values,
			  size_t count)
{
	uint64_t sum = h->sum, min = h->min, max = h->max;
	size_t n;

	for (n = 0; n < count; n++) {
		uint64_t value = values[n];
		unsigned int p = page_of(value);
		uint32_t *page = h->pages->page[p];

		if (!page)
			break;
		page[bucket_of(value, p)]++;
		sum += value;
		min = value < min ? value : min;
		max = value > max ? value : max;
	}
	h->sum = sum;
	h->min = min;
	h->max = max;
	h->count += n;
	return n;
}

int histogram_add_many(struct histogram *h, const uint32_t *values,
		       size_t count)
{
	size_t n = 0;
	int err = 0;

	while (!err && n < count) {
		if (h->paged && h->count + count <= UINT32_MAX &&
		    h->sum <= INT64_MAX)
			n += buckets_add(h, values + n, count - n);
		/* few yet, a new page, or a bucket or the sum may be full */
		if (n < count)
			err = histogram_add(h, values[n++]);
	}
	return err;
}

void histogram_prefetch(const struct histogram *h, uint64_t value)
{
	unsigned int p = page_of(value);

	if (h->paged && h->pages->page[p])
		__builtin_prefetch(&h->pages->page[p][bucket_of(value, p)], 1);
}

static int histogram_merge_pages(struct histogram *to,
				 const struct histogram *from)
{
	for (unsigned int p = 0; p < PAGES; p++) {
		const uint32_t *page = from->pages->page[p];

		for (unsigned int b = 0; page && b < PAGE_BUCKETS; b++) {
			int err = page[b] ? bucket_add(to->pages, p, b, page[b])
					  : 0;
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

	if (!from->paged) {
		for (uint64_t i = 0; !err && i < from->count; i++)
			err = histogram_add(to, from->few[i]);
		return err;
	}
	if (__builtin_add_overflow(to->sum, from->sum, &sum))
		return -EOVERFLOW;
	if (!to->paged)
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
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t few_at_rank(const struct histogram *h, uint64_t rank)
{
	uint64_t sorted[HISTOGRAM_FEW];

	memcpy(sorted, h->few, sizeof(sorted));
	qsort(sorted, h->count, sizeof(sorted[0]), value_compare);
	return sorted[rank - 1];
}

static uint64_t bucket_at_rank(const struct histogram *h, uint64_t rank)
{
	uint64_t seen = 0;

	for (unsigned int p = 0; p < PAGES; p++) {
		const uint32_t *page = h->pages->page[p];

		for (unsigned int b = 0; page && b < PAGE_BUCKETS; b++) {
			seen += page[b];
			if (seen >= rank)
				return bucket_last_value(p, b);
		}
	}
	return h->max;
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
	if (!h->paged)
		return few_at_rank(h, rank);
	value = bucket_at_rank(h, rank);
	return value < h->max ? value : h->max;
}

static unsigned int bits_of(uint64_t value)
{
	return value ? 64 - (unsigned int)__builtin_clzll(value) : 0;
}

void histogram_log2(const struct histogram *h, uint64_t count[HISTOGRAM_LOG2])
{
	if (!h->paged) {
		for (uint64_t i = 0; i < h->count; i++)
			count[bits_of(h->few[i])]++;
		return;
	}
	for (unsigned int b = 0; h->pages->page[0] && b < PAGE_BUCKETS; b++)
		count[bits_of(b)] += h->pages->page[0][b];
	for (unsigned int p = 1; p < PAGES; p++)
		for (unsigned int b = 0; h->pages->page[p] && b < PAGE_BUCKETS;
		     b++)
			count[p + PAGE_BITS] += h->pages->page[p][b];
}

void histogram_bounds(const struct histogram *h, const uint64_t *bound,
		      size_t bounds, uint64_t *count)
{
	size_t i = 0;

	for (uint64_t n = 0; !h->paged && n < h->count; n++) {
		for (i = 0; i < bounds && h->few[n] > bound[i]; i++)
			;
		if (i < bounds)
			count[i]++;
	}
	for (unsigned int p = 0; h->paged && p < PAGES; p++) {
		const uint32_t *page = h->pages->page[p];

		for (unsigned int b = 0; page && b < PAGE_BUCKETS; b++) {
			if (!page[b])
				continue;
			while (i < bounds && bucket_last_value(p, b) > bound[i])
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

	if (h->paged)
		pages_reset(pages);
	memset(h, 0, sizeof(*h));
	h->pages = pages;
}

void histogram_clear(struct histogram *h)
{
	pages_free(h->pages);
	memset(h, 0, sizeof(*h));
}
