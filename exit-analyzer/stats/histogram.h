/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A histogram of costs: exact below HISTOGRAM_EXACT, and within 1 part in
 * HISTOGRAM_EXACT of the value above. Memory grows with the values seen: the
 * first few are kept as they are, then pages of buckets appear where needed.
 *
 * Count, sum, min and max are always exact. One thread at a time.
 */
#ifndef EXIT_ANALYZER_STATS_HISTOGRAM_H
#define EXIT_ANALYZER_STATS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_BITS	9
#define HISTOGRAM_EXACT	(1 << HISTOGRAM_BITS)
#define HISTOGRAM_FEW	6	/* so many of 32 bits cost no page, and are exact */

/*
 * A page is HISTOGRAM_EXACT buckets. The first two count one value a bucket,
 * each after them one power of two in equal parts.
 */
#define HISTOGRAM_PAGES	(64 - HISTOGRAM_BITS + 1)	/* of all 64-bit values */

struct histogram_pages {
	bool used;		/* false: values are among the few */
	uint32_t *page[HISTOGRAM_PAGES];
};

/* A cache line: reports have millions of them. */
struct histogram {
	uint64_t count, sum, min, max;	/* min is 0 while count is */
	/* Private Part: all are in pages once they were too many */
	struct histogram_pages *pages;
	uint32_t few[HISTOGRAM_FEW];
};

static inline bool histogram_is_paged(const struct histogram *h)
{
	return h->pages && h->pages->used;
}

/* A zeroed struct is an empty histogram. */
/* 0; -ENOMEM; -EOVERFLOW: sum or a bucket is full. Unless 0, nothing was added. */
int histogram_add(struct histogram *h, uint64_t value);
/*
 * For those who know count, sum, min and max anyway: the value is counted, and
 * nothing else. Where there is a counter already, add one to it; else
 * histogram_count(): 0 or -ENOMEM. At most UINT32_MAX values, and then
 * histogram_counted() must tell the rest before anything is asked.
 */
static inline uint32_t *histogram_counter(const struct histogram *h,
					  uint64_t value);
int histogram_count(struct histogram *h, uint64_t value);
void histogram_counted(struct histogram *h, uint64_t count, uint64_t sum,
		       uint64_t min, uint64_t max);
/* Asks for the memory that adding this value will need, and goes on. */
void histogram_prefetch(const struct histogram *h, uint64_t value);
/* As histogram_add(); unless 0, only a part of from was added. */
int histogram_merge(struct histogram *to, const struct histogram *from);
/*
 * The nearest rank: the smallest value v such that at least per_mille of all
 * are <= v. 0 when empty. Never too small, and between min and max.
 */
uint64_t histogram_percentile(const struct histogram *h, unsigned int per_mille);
/*
 * Adds to count[n] how many values have n bits, that is lie in [2^(n-1), 2^n);
 * count[0] is that of zeroes.
 */
#define HISTOGRAM_LOG2 65
void histogram_log2(const struct histogram *h, uint64_t count[HISTOGRAM_LOG2]);
/*
 * Adds to count[i] how many values are above bound[i - 1] and not above
 * bound[i], which must grow; those above the last are in none. Values that
 * share a bucket are taken for the largest of it.
 */
void histogram_bounds(const struct histogram *h, const uint64_t *bound,
		      size_t bounds, uint64_t *count);
/* Leaves it empty, but keeps its memory for values like those before. */
void histogram_reset(struct histogram *h);
/* Frees what it holds and leaves it empty. */
void histogram_clear(struct histogram *h);

/* Private Part */

/* All buckets in a row: those of page p begin at p * HISTOGRAM_EXACT. */
static inline unsigned int histogram_bucket(uint64_t value)
{
	/* so many low bits of the value are not looked at */
	unsigned int shift = 63 - HISTOGRAM_BITS -
		(unsigned int)__builtin_clzll(value |
					      (2 * HISTOGRAM_EXACT - 1));

	return (shift << HISTOGRAM_BITS) + (unsigned int)(value >> shift);
}

static inline uint32_t *histogram_counter(const struct histogram *h,
					  uint64_t value)
{
	unsigned int bucket = histogram_bucket(value);
	uint32_t *page = histogram_is_paged(h) ?
		h->pages->page[bucket / HISTOGRAM_EXACT] : NULL;

	return page ? page + bucket % HISTOGRAM_EXACT : NULL;
}

#endif
