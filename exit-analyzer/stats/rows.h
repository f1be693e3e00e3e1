/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arrays of rows that grow as a row_table gives out their numbers.
 */
#ifndef EXIT_ANALYZER_STATS_ROWS_H
#define EXIT_ANALYZER_STATS_ROWS_H

#include <stddef.h>

/* The slow half of rows_reserve(). */
void *rows_grow(void *rows, size_t *max, size_t bytes);

/*
 * Room for row `row`, at most the first behind *max rows of so many bytes each;
 * new ones are zero. The array, where it may be now; NULL: there is no room,
 * and the array is as it was.
 */
static inline void *rows_reserve(void *rows, size_t *max, size_t row,
				 size_t bytes)
{
	return row < *max ? rows : rows_grow(rows, max, bytes);
}

#endif
