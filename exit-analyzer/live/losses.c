/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A loss is held until the interval that it ends in.
 */
#include "exit-analyzer/live/losses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int losses_add(struct losses *l, const struct event_lost *lost)
{
	uint64_t from = lost->h.tsc ? lost->h.tsc : lost->resumed_tsc;

	if (l->count == l->max) {
		size_t max = l->max ? 2 * l->max : 16;
		struct loss *grown = reallocarray(l->loss, max, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		l->loss = grown;
		l->max = max;
	}
	l->loss[l->count++] = (struct loss){
		.from_tsc = from,
		/* it may be that none came behind it */
		.to_tsc = lost->resumed_tsc > from ? lost->resumed_tsc : from,
		.missed = lost->missed,
	};
	return 0;
}

uint64_t losses_end(struct losses *l, uint64_t end_tsc, bool *lossy)
{
	uint64_t missed = 0;
	size_t kept = 0;

	*lossy = false;
	for (size_t i = 0; i < l->count; i++) {
		struct loss *loss = &l->loss[i];

		if (loss->from_tsc < end_tsc) {
			*lossy = true;
			missed += loss->missed;
			loss->missed = 0;
		}
		/* at to_tsc there are records again */
		if (loss->from_tsc >= end_tsc || loss->to_tsc > end_tsc)
			l->loss[kept++] = *loss;
	}
	l->count = kept;
	return missed;
}

void losses_exit(struct losses *l)
{
	free(l->loss);
	memset(l, 0, sizeof(*l));
}
