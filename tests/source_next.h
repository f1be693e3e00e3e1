/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source's records one at a time, for tests that ask about each: the rest
 * of every run is given back, and must come again.
 */
#ifndef TESTS_SOURCE_NEXT_H
#define TESTS_SOURCE_NEXT_H

#include "tracer/source/source.h"

static inline int source_next(struct source *s, const struct event_header **ev,
			      unsigned int *cpu)
{
	struct event_run run;
	int got = source_read(s, &run);

	if (got <= 0)
		return got;
	source_unread(s, run.count - 1);
	*ev = run.first;
	*cpu = run.cpu;
	return 1;
}

#endif
