/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file keeps each CPU's records apart, in chunks: it is read once for every
 * CPU, and the oldest record of all those readings is next.
 */
#include "vmtop/watch/replay.h"

#include <errno.h>
#include <stdlib.h>

struct replay {
	unsigned int cpus;
	struct source *source[ANCHOR_CPUS_MAX];
	const struct event_header *next[ANCHOR_CPUS_MAX]; /* NULL: ended */
	unsigned int first;	/* whose record is the oldest */
	int err;
	unsigned int err_cpu;
};

static void cpu_advance(struct replay *r, unsigned int cpu)
{
	const struct event_header *ev;
	unsigned int of_cpu;
	int more;

	do {
		more = source_next(r->source[cpu], &ev, &of_cpu);
	} while (more > 0 && of_cpu != cpu);
	r->next[cpu] = more > 0 ? ev : NULL;
	if (more < 0) {
		r->err = more;
		r->err_cpu = cpu;
	}
}

static void first_choose(struct replay *r)
{
	r->first = 0;
	for (unsigned int cpu = 1; cpu < r->cpus; cpu++)
		if (r->next[cpu] &&
		    (!r->next[r->first] ||
		     r->next[cpu]->tsc < r->next[r->first]->tsc))
			r->first = cpu;
}

struct replay *replay_open(const char *path, const char **why)
{
	struct replay *r = calloc(1, sizeof(*r));
	int err;

	*why = NULL;
	if (!r)
		return NULL;
	r->cpus = 1;
	for (unsigned int cpu = 0; cpu < r->cpus; cpu++) {
		errno = 0;
		r->source[cpu] = source_open_file(path, why);
		if (!r->source[cpu]) {
			err = errno ? errno : EIO;
			replay_close(r);
			errno = err;
			return NULL;
		}
		r->cpus = source_cpus(r->source[0]);
	}
	for (unsigned int cpu = 0; cpu < r->cpus; cpu++)
		cpu_advance(r, cpu);
	first_choose(r);
	return r;
}

void replay_close(struct replay *r)
{
	for (unsigned int cpu = 0; r && cpu < ANCHOR_CPUS_MAX; cpu++)
		source_close(r->source[cpu]);
	free(r);
}

int replay_peek(struct replay *r, const struct event_header **ev)
{
	if (r->err)
		return r->err;
	*ev = r->next[r->first];
	return *ev ? 1 : 0;
}

void replay_take(struct replay *r)
{
	cpu_advance(r, r->first);
	first_choose(r);
}

const char *replay_error(const struct replay *r)
{
	return source_error(r->source[r->err_cpu]);
}

const struct source *replay_source(const struct replay *r)
{
	return r->source[0];
}
