/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Twice as many rows, so that their moves cost little.
 */
#include "exit-analyzer/stats/rows.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_FIRST 64

void *rows_grow(void *rows, size_t *max, size_t bytes)
{
	size_t more = *max ? 2 * *max : ROWS_FIRST;
	char *grown = reallocarray(rows, more, bytes);

	if (!grown)
		return NULL;
	memset(grown + *max * bytes, 0, (more - *max) * bytes);
	*max = more;
	return grown;
}
