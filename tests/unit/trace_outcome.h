/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a trace of trace_maker.h to its end, and holds every record against
 * the one that was written.
 */
#ifndef TESTS_UNIT_TRACE_OUTCOME_H
#define TESTS_UNIT_TRACE_OUTCOME_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/source_next.h"
#include "tests/unit/trace_maker.h"

struct outcome {
	int end;		/* what source_next() gave at last */
	size_t damages;
	bool cut;
	uint64_t cut_at;
	/* the next record's number; and how many of those before are missing */
	unsigned int records[MAKER_CPUS], left_out[MAKER_CPUS];
};

/* Damage: how many records are missing, by the numbers of their neighbours. */
static inline unsigned int loss_of(const struct event_header *ev, unsigned int cpu,
			    struct outcome *o)
{
	__u32 next = ev->seq + (__u32)((const struct event_lost *)ev)->missed;
	unsigned int n = --o->records[cpu];

	assert_int_equal(maker_seq(n), ev->seq);
	while (maker_seq(o->records[cpu]) != next)
		assert_true(o->records[cpu]++ < 1000000);
	return o->records[cpu] - n;
}

/* Opens and reads it all; each record must be the one that was written. */
static inline bool trace_read_all(const char *path, struct outcome *o)
{
	const struct event_header *ev;
	union maker_record want;
	const char *why;
	unsigned int cpu;
	struct source *s = source_open_file(path, &why);

	memset(o, 0, sizeof(*o));
	if (!s) {
		assert_true(errno > 0);
		assert_true(strlen(why) > 0);
		return false;
	}
	while ((o->end = source_next(s, &ev, &cpu)) == 1) {
		assert_in_range(cpu, 0, MAKER_CPUS - 1);
		maker_record(&want, cpu, o->records[cpu]++);
		if (ev->id == EVENT_LOST && want.h.id != EVENT_LOST) {
			o->left_out[cpu] += loss_of(ev, cpu, o);
			continue;
		}
		assert_memory_equal(ev, &want, ev->slots * EVENT_SLOT_BYTES);
	}
	assert_int_equal(source_next(s, &ev, &cpu), o->end);
	assert_true(o->end == 0 || strlen(source_error(s)) > 0);
	source_damage(s, &o->damages);
	o->cut = source_was_cut(s, &o->cut_at);
	assert_true(!o->cut == !!source_end(s));
	source_close(s);
	return true;
}

#endif
