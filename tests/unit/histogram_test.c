/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Histograms against sorted arrays: count, sum, min and max exactly,
 * percentiles never too small and within 1/512, exactly so below 512.
 */
#include "exit-analyzer/stats/histogram.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/random.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define VALUES_MAX 200000

static uint64_t values[VALUES_MAX];

static int value_compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The nearest rank by definition, of values[] sorted. */
static uint64_t exact_percentile(size_t count, unsigned int per_mille)
{
	for (size_t i = 0; i < count; i++)
		if ((i + 1) * 1000 >= (uint64_t)count * per_mille)
			return values[i];
	return values[count - 1];
}

static void assert_close(uint64_t got, uint64_t exact)
{
	assert_true(got >= exact);
	if (exact < HISTOGRAM_EXACT)
		assert_int_equal(got, exact);
	else
		assert_true(got - exact <= exact / HISTOGRAM_EXACT);
}

static void assert_is_values(const struct histogram *h, size_t count)
{
	static const unsigned int per_mille[] = {
		0, 1, 10, 250, 333, 500, 501, 900, 950, 990, 999, 1000,
	};
	uint64_t sum = 0;

	qsort(values, count, sizeof(values[0]), value_compare);
	for (size_t i = 0; i < count; i++)
		sum += values[i];
	assert_int_equal(h->count, count);
	assert_int_equal(h->sum, sum);
	assert_int_equal(h->min, values[0]);
	assert_int_equal(h->max, values[count - 1]);
	for (size_t i = 0; i < ARRAY_SIZE(per_mille); i++) {
		uint64_t got = histogram_percentile(h, per_mille[i]);

		assert_close(got, exact_percentile(count, per_mille[i]));
		assert_true(got >= h->min && got <= h->max);
	}
}

static void check_values(size_t count)
{
	struct histogram h = { 0 };

	for (size_t i = 0; i < count; i++)
		assert_int_equal(histogram_add(&h, values[i]), 0);
	assert_is_values(&h, count);
	histogram_clear(&h);
}

static void empty_has_zeroes(void **state)
{
	struct histogram h = { 0 };

	(void)state;
	assert_int_equal(histogram_percentile(&h, 500), 0);
	assert_int_equal(h.count + h.sum + h.min + h.max, 0);
	histogram_clear(&h);
}

static void every_small_count_is_exact(void **state)
{
	(void)state;
	for (size_t count = 1; count <= HISTOGRAM_FEW; count++) {
		struct histogram h = { 0 };

		for (size_t i = 0; i < count; i++) {
			values[i] = random_next() >> 32;
			assert_int_equal(histogram_add(&h, values[i]), 0);
		}
		qsort(values, count, sizeof(values[0]), value_compare);
		for (unsigned int p = 0; p <= 1000; p++)
			assert_int_equal(histogram_percentile(&h, p),
					 exact_percentile(count, p));
		histogram_clear(&h);
	}
}

/* Above 32 bits a value needs a bucket, and takes the few with it. */
static void few_large_values_are_close(void **state)
{
	(void)state;
	for (size_t count = 1; count <= HISTOGRAM_FEW; count++) {
		for (size_t i = 0; i < count; i++)
			values[i] = random_next() >> (i == count / 2 ? 8 : 40);
		check_values(count);
	}
}

static void random_of_every_size(void **state)
{
	(void)state;
	for (size_t count = 1; count < 40; count++) {
		for (size_t i = 0; i < count; i++)
			values[i] = random_next() >> (8 + random_next() % 56);
		check_values(count);
	}
	for (unsigned int bits = 1; bits <= 46; bits++) {
		for (size_t i = 0; i < 5000; i++)
			values[i] = random_next() >> (64 - bits);
		check_values(5000);
	}
}

static void costs_with_a_long_tail(void **state)
{
	(void)state;
	for (size_t i = 0; i < VALUES_MAX; i++)
		values[i] = 900 + random_next() % 300 +
			    (random_next() % 100 ? 0 : random_next() % 4000000);
	check_values(VALUES_MAX);
}

static void adversarial_edges(void **state)
{
	size_t count = 0;

	(void)state;
	for (unsigned int bit = 0; bit < 56; bit++)
		for (int step = -2; step <= 2; step++)
			values[count++] = (1ull << bit) + step <= 1ull << 60 ?
					  (1ull << bit) + step : 0;
	for (uint64_t v = 500; v < 1100; v++)
		values[count++] = v;
	check_values(count);
}

static void all_equal(void **state)
{
	static const uint64_t same[] = { 0, 1, 511, 512, 513, 1025, 999983 };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(same); k++) {
		for (size_t i = 0; i < 100; i++)
			values[i] = same[k];
		check_values(100);
	}
}

static void one_far_outlier(void **state)
{
	(void)state;
	for (size_t i = 0; i < 1000; i++)
		values[i] = 3;
	values[500] = 1ull << 62;
	check_values(1000);
}

static void the_largest_value_fits(void **state)
{
	struct histogram h = { 0 };

	(void)state;
	assert_int_equal(histogram_add(&h, UINT64_MAX), 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(histogram_add(&h, 0), 0);
	assert_true(histogram_percentile(&h, 1000) == UINT64_MAX);
	assert_int_equal(histogram_percentile(&h, 500), 0);
	assert_int_equal(histogram_add(&h, 1), -EOVERFLOW);
	assert_int_equal(h.count, 101);
	histogram_clear(&h);
}

/* Every split of the same values must sum up to the same histogram. */
static void merged_is_as_added(void **state)
{
	static const size_t splits[] = { 0, 1, 3, 6, 7, 20, 999, 2000 };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(splits); k++) {
		struct histogram a = { 0 }, b = { 0 };

		for (size_t i = 0; i < 2000; i++) {
			values[i] = random_next() >> 40;
			assert_int_equal(histogram_add(i < splits[k] ? &a : &b,
						       values[i]), 0);
		}
		assert_int_equal(histogram_merge(&a, &b), 0);
		assert_is_values(&a, 2000);
		histogram_clear(&a);
		histogram_clear(&b);
	}
}

static void clear_leaves_it_empty(void **state)
{
	struct histogram h = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(histogram_add(&h, i), 0);
	histogram_clear(&h);
	assert_int_equal(h.count, 0);
	assert_int_equal(histogram_percentile(&h, 990), 0);
	assert_int_equal(histogram_add(&h, 7), 0);
	assert_int_equal(histogram_percentile(&h, 990), 7);
	histogram_clear(&h);
}

/* Values from before the reset, few or many, must not show after it. */
static void reset_is_as_new(void **state)
{
	static const unsigned int counts[] = { 0, 1, 6, 7, 3, 1000, 6, 7, 8 };
	struct histogram h = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct histogram fresh = { 0 };

		histogram_reset(&h);
		for (unsigned int n = 0; n < counts[i]; n++) {
			uint64_t value = 1000003ull * (n + 1) * (i + 1);

			assert_int_equal(histogram_add(&h, value), 0);
			assert_int_equal(histogram_add(&fresh, value), 0);
		}
		assert_int_equal(h.count, fresh.count);
		assert_int_equal(h.sum, fresh.sum);
		assert_int_equal(h.min, fresh.min);
		assert_int_equal(h.max, fresh.max);
		for (unsigned int p = 0; p <= 1000; p += 10)
			assert_int_equal(histogram_percentile(&h, p),
					 histogram_percentile(&fresh, p));
		histogram_clear(&fresh);
	}
	histogram_clear(&h);
}

static void log2_counts_by_bits(void **state)
{
	static const struct {
		uint64_t value;
		unsigned int bits;
	} cases[] = {
		{ 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 2 }, { 511, 9 },
		{ 512, 10 }, { 1023, 10 }, { 1024, 11 }, { ~0ull, 64 },
	};
	const size_t n = sizeof(cases) / sizeof(cases[0]);

	(void)state;
	/* the first time few, the second time in pages */
	for (unsigned int times = 1; times <= 2; times++) {
		for (size_t i = 0; i < n; i++) {
			uint64_t count[HISTOGRAM_LOG2] = { 0 };
			struct histogram h = { 0 };

			for (unsigned int k = 0; k < 5 * times; k++)
				if (cases[i].value < ~0ull || !k)
					assert_int_equal(histogram_add(
						&h, cases[i].value), 0);
			histogram_log2(&h, count);
			assert_int_equal(count[cases[i].bits], h.count);
			histogram_clear(&h);
		}
	}
}

/* Against counting; bounds on the edge of a bucket leave nothing to round. */
static void bounds_are_not_above(void **state)
{
	static const uint64_t bound[] = { 0, 1, 510, 511, 512, 1023, 2047,
					  4095, 1u << 20 };
	const size_t bounds = ARRAY_SIZE(bound);

	(void)state;
	for (size_t values_count = 1; values_count < 3000; values_count *= 3) {
		uint64_t count[ARRAY_SIZE(bound)] = { 0 }, seen = 0;
		struct histogram h = { 0 };

		for (size_t i = 0; i < values_count; i++) {
			values[i] = random_next() >> (40 + random_next() % 24);
			assert_int_equal(histogram_add(&h, values[i]), 0);
		}
		histogram_bounds(&h, bound, bounds, count);
		for (size_t b = 0; b < bounds; b++) {
			uint64_t below = 0;

			for (size_t i = 0; i < values_count; i++)
				below += values[i] <= bound[b];
			seen += count[b];
			/* 2^20 begins a bucket that reaches further */
			if (b + 1 < bounds)
				assert_int_equal(seen, below);
			else
				assert_true(seen <= below);
		}
		histogram_clear(&h);
	}
}

/* Few and many, kept from one interval to the next. */
static void counted_are_as_added(void **state)
{
	static const size_t counts[] = { 1, 6, 7, 1000, 3, 100, 0, 8 };
	struct histogram one = { 0 }, counted = { 0 };
	uint64_t x = 1, value;
	uint32_t *counter;

	(void)state;
	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		for (size_t i = 0; i < counts[c]; i++) {
			x = x * 6364136223846793005ull + 1442695040888963407ull;
			value = x >> (12 + x % 52);
			assert_int_equal(histogram_add(&one, value), 0);
			counter = histogram_counter(&counted, value);
			if (counter && i % 2)
				++*counter;
			else
				assert_int_equal(histogram_count(&counted,
								 value), 0);
		}
		histogram_counted(&counted, one.count, one.sum, one.min,
				  one.max);
		for (unsigned int p = 0; p <= 1000; p++)
			assert_int_equal(histogram_percentile(&one, p),
					 histogram_percentile(&counted, p));
		histogram_reset(&one);
		histogram_reset(&counted);
	}
	histogram_clear(&one);
	histogram_clear(&counted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_has_zeroes),
		cmocka_unit_test(every_small_count_is_exact),
		cmocka_unit_test(few_large_values_are_close),
		cmocka_unit_test(random_of_every_size),
		cmocka_unit_test(costs_with_a_long_tail),
		cmocka_unit_test(adversarial_edges),
		cmocka_unit_test(all_equal),
		cmocka_unit_test(one_far_outlier),
		cmocka_unit_test(the_largest_value_fits),
		cmocka_unit_test(merged_is_as_added),
		cmocka_unit_test(clear_leaves_it_empty),
		cmocka_unit_test(reset_is_as_new),
		cmocka_unit_test(log2_counts_by_bits),
		cmocka_unit_test(bounds_are_not_above),
		cmocka_unit_test(counted_are_as_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
