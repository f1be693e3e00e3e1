/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A natural merge sort: Knuth, The Art of Computer Programming, volume 3,
 * 5.2.4. The events of one CPU are in order already, so a few CPUs cost a few
 * passes, and one costs none.
 */
#include "tracer/foreign/time_order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Returns where the run that begins at i ends. */
static size_t run_end(const struct timed *events, size_t count, size_t i)
{
	for (i++; i < count; i++)
		if (events[i].time < events[i - 1].time)
			break;
	return i;
}

/* Merges from[0, middle) and from[middle, end); of equals the first are first. */
static void merge(const struct timed *from, size_t middle, size_t end,
		  struct timed *to)
{
	size_t left = 0, right = middle;

	while (left < middle && right < end)
		if (from[left].time <= from[right].time)
			*to++ = from[left++];
		else
			*to++ = from[right++];
	memcpy(to, from + left, (middle - left) * sizeof(*to));
	memcpy(to + (middle - left), from + right, (end - right) * sizeof(*to));
}

/* Merges each two neighbouring runs; returns how many runs that makes. */
static size_t pass(const struct timed *from, struct timed *to, size_t count)
{
	size_t runs = 0;

	for (size_t at = 0; at < count; runs++) {
		size_t middle = run_end(from, count, at), end = middle;

		if (middle < count)
			end = run_end(from, count, middle);
		merge(from + at, middle - at, end - at, to + at);
		at = end;
	}
	return runs;
}

int time_order(struct timed *events, size_t count)
{
	struct timed *other, *from = events, *to, *merged;
	size_t runs;

	if (!count || run_end(events, count, 0) == count)
		return 0;
	other = malloc(count * sizeof(*other));
	if (!other)
		return -ENOMEM;
	to = other;
	do {
		runs = pass(from, to, count);
		merged = to;
		to = from;
		from = merged;
	} while (runs > 1);
	if (from != events)
		memcpy(events, from, count * sizeof(*events));
	free(other);
	return 0;
}
