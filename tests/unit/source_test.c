/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order in which a source's CPUs come, for every kind of source: turns,
 * the merge by time, what is given back, and time that goes backwards.
 */
#include "tests/source_next.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/random.h"
#include "tracer/source/source_ops.h"

#define CPUS		5
#define RECORDS_MAX	400

/* A source of records that lie in memory, in runs of any length. */
struct made {
	struct source s;
	struct source_file_info file;
	struct event_vmexit *record[CPUS];
	unsigned int count[CPUS], at[CPUS];
	unsigned int run_max;
	int err;
	unsigned int asked_after_the_end;
};

static int made_read(struct source *s, unsigned int stream,
		     struct event_run *run)
{
	struct made *m = (struct made *)s;
	unsigned int left = m->count[stream] - m->at[stream];

	if (!left) {
		m->asked_after_the_end++;
		return m->err;
	}
	run->first = &m->record[stream][m->at[stream]].h;
	run->cpu = stream;
	run->count = run->first->id == EVENT_LOST ? 1 : 0;
	while (run->count < left && run->count < m->run_max &&
	       m->record[stream][m->at[stream] + run->count].h.id ==
	       run->first->id && run->first->id != EVENT_LOST)
		run->count++;
	m->at[stream] += run->count;
	return 1;
}

static void made_counts(const struct source *s, unsigned int cpu,
			struct source_cpu_counts *counts)
{
	const struct made *m = (const struct made *)s;

	for (unsigned int i = 0; i < m->at[cpu]; i++) {
		const struct event_header *ev = &m->record[cpu][i].h;

		if (ev->id == EVENT_LOST)
			counts->missed += ((const struct event_lost *)
					   ev)->missed;
		else
			counts->read++;
	}
	counts->written = counts->read + counts->missed;
}

static void made_close(struct source *s)
{
	struct made *m = (struct made *)s;

	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		free(m->record[cpu]);
	source_exit(s);
	free(m);
}

static const struct source_ops made_ops = {
	.read = made_read,
	.counts = made_counts,
	.close = made_close,
};

static struct made *made_new(unsigned int cpus, unsigned int run_max)
{
	struct made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->s.ops = &made_ops;
	m->s.origin.cpus = cpus;
	m->s.file = &m->file;
	m->run_max = run_max;
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		m->record[cpu] = calloc(RECORDS_MAX, sizeof(**m->record));
		assert_non_null(m->record[cpu]);
	}
	assert_int_equal(source_init(&m->s, cpus), 0);
	return m;
}

/* seq says which of its CPU it is */
static struct event_vmexit *made_add(struct made *m, unsigned int cpu, uint64_t tsc)
{
	struct event_vmexit *ev = &m->record[cpu][m->count[cpu]];

	assert_true(m->count[cpu] < RECORDS_MAX);
	ev->h = (struct event_header){
		.tsc = tsc, .seq = m->count[cpu]++, .id = EVENT_VMEXIT,
		.slots = 1,
	};
	ev->cpl_known = EVENT_KNOWN_ALL;
	return ev;
}

static void made_lose(struct made *m, unsigned int cpu, uint64_t tsc, uint64_t missed)
{
	struct event_lost *lost = (struct event_lost *)made_add(m, cpu, tsc);

	lost->h.id = EVENT_LOST;
	lost->missed = missed;
}

static uint64_t tsc_at(const struct event_run *run, unsigned int i)
{
	return ((const struct event_header *)
		event_run_record(run->first, i))->tsc;
}

static void the_oldest_comes_next_and_of_equals_the_first_cpus(void **state)
{
	static const struct {
		uint64_t tsc;
		unsigned int cpu, count;
	} want[] = {
		{ 1, 1, 2 }, { 5, 0, 3 }, { 5, 1, 2 }, { 5, 2, 1 },
		{ 6, 1, 1 }, { 6, 2, 1 }, { 9, 0, 1 },
	};
	struct made *m = made_new(3, 100);
	struct event_run run;

	(void)state;
	made_add(m, 0, 5);
	made_add(m, 0, 5);
	made_add(m, 0, 5);
	made_add(m, 0, 9);
	made_add(m, 1, 1);
	made_add(m, 1, 2);
	made_add(m, 1, 5);
	made_add(m, 1, 5);
	made_add(m, 1, 6);
	made_add(m, 2, 5);
	made_add(m, 2, 6);
	source_merged(&m->s);
	for (unsigned int i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(source_read(&m->s, &run), 1);
		assert_int_equal(run.cpu, want[i].cpu);
		assert_int_equal(run.count, want[i].count);
		assert_int_equal(run.first->tsc, want[i].tsc);
	}
	assert_int_equal(source_read(&m->s, &run), 0);
	assert_int_equal(source_read(&m->s, &run), 0);
	/* a file that has ended is not asked again */
	assert_int_equal(m->asked_after_the_end, 3);
	assert_int_equal(source_disordered(&m->s), 0);
	source_close(&m->s);
}

static void made_at_random(struct made *m)
{
	for (unsigned int cpu = 0; cpu < m->s.origin.cpus; cpu++) {
		unsigned int count = random_next() % (RECORDS_MAX + 1);
		uint64_t tsc = random_next() % 100;

		for (unsigned int i = 0; i < count; i++) {
			tsc += random_next() % 4;
			if (random_next() % 20)
				made_add(m, cpu, tsc);
			else
				made_lose(m, cpu, tsc, i);
		}
	}
}

/* The records taken of a CPU, as the test counts them. */
struct taken {
	unsigned int next;	/* record */
	struct source_cpu_counts counts;
};

static void taken_check(struct taken *t, const struct source *s,
			const struct event_run *run, unsigned int take)
{
	struct source_cpu_counts c;

	for (unsigned int i = 0; i < take; i++) {
		const struct event_header *ev = event_run_record(run->first, i);

		assert_int_equal(ev->seq, t->next++);
		if (ev->id == EVENT_LOST)
			t->counts.missed += ((const struct event_lost *)
					     ev)->missed;
		else
			t->counts.read++;
	}
	t->counts.written = t->counts.read + t->counts.missed;
	source_counts(s, run->cpu, &c);
	assert_memory_equal(&c, &t->counts, sizeof(c));
}

/*
 * Any records, given back as chance has it: each comes once, those of a CPU
 * in its own order, those of all by time, and the counts are right between.
 */
static void check_all_come_once(unsigned int cpus, bool merged)
{
	struct made *m = made_new(cpus, 1 + random_next() % 9);
	struct taken taken[CPUS] = { 0 };
	struct event_run run;
	uint64_t last = 0;
	int got;

	made_at_random(m);
	if (merged)
		source_merged(&m->s);
	while ((got = source_read(&m->s, &run)) > 0) {
		unsigned int take = random_next() % (run.count + 1);

		assert_true(run.count);
		assert_true(!merged || run.first->tsc >= last);
		source_unread(&m->s, run.count - take);
		taken_check(&taken[run.cpu], &m->s, &run, take);
		if (take)
			last = tsc_at(&run, take - 1);
	}
	assert_int_equal(got, 0);
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		assert_int_equal(taken[cpu].next, m->count[cpu]);
	source_close(&m->s);
}

static void all_records_come_once(void **state)
{
	(void)state;
	for (unsigned int round = 0; round < 300; round++) {
		check_all_come_once(1 + round % CPUS, false);
		check_all_come_once(1 + round % CPUS, true);
	}
}

static void what_is_given_back_is_not_read(void **state)
{
	struct made *m = made_new(2, 100);
	struct source_cpu_counts c;
	struct event_run run;

	(void)state;
	for (uint64_t i = 0; i < 10; i++)
		made_add(m, 1, i);
	made_lose(m, 1, 10, 77);
	source_merged(&m->s);
	assert_int_equal(source_read(&m->s, &run), 1);
	assert_int_equal(run.count, 10);
	source_unread(&m->s, 4);
	source_counts(&m->s, 1, &c);
	assert_int_equal(c.read, 6);
	assert_int_equal(c.missed, 0);
	/* once only */
	source_unread(&m->s, 4);
	assert_int_equal(source_read(&m->s, &run), 1);
	assert_int_equal(run.count, 4);
	assert_int_equal(tsc_at(&run, 0), 6);
	/* more than there were: nothing happens */
	source_unread(&m->s, 5);
	source_counts(&m->s, 1, &c);
	assert_int_equal(c.read, 10);
	assert_int_equal(source_read(&m->s, &run), 1);
	assert_int_equal(run.first->id, EVENT_LOST);
	source_unread(&m->s, 1);
	source_counts(&m->s, 1, &c);
	assert_int_equal(c.missed, 0);
	assert_int_equal(c.written, 10);
	assert_int_equal(source_read(&m->s, &run), 1);
	source_counts(&m->s, 1, &c);
	assert_int_equal(c.missed, 77);
	source_close(&m->s);
}

static void an_error_is_passed_on(void **state)
{
	struct made *m = made_new(2, 100);
	struct event_run run;

	(void)state;
	made_add(m, 0, 1);
	m->err = -EBADMSG;
	assert_int_equal(source_read(&m->s, &run), 1);
	assert_int_equal(source_read(&m->s, &run), -EBADMSG);
	assert_int_equal(source_read(&m->s, &run), -EBADMSG);
	source_close(&m->s);
}

static void a_ring_goes_on_after_nothing_came(void **state)
{
	struct made *m = made_new(2, 100);
	struct event_run run;

	(void)state;
	m->s.file = NULL;
	for (int merged = 0; merged < 2; merged++) {
		assert_int_equal(source_read(&m->s, &run), 0);
		made_add(m, 1, 1);
		assert_int_equal(source_read(&m->s, &run), 1);
		assert_int_equal(run.cpu, 1);
		source_merged(&m->s);
	}
	source_close(&m->s);
}

/* Nobody starves: each CPU's turn comes before another has all of its own. */
static void cpus_take_turns(void **state)
{
	struct made *m = made_new(2, 100);
	unsigned int first[2] = { 0 }, reads = 0;
	struct event_run run;

	(void)state;
	m->s.file = NULL;
	for (unsigned int i = 0; i < 100; i++)
		made_add(m, 0, 1);
	made_add(m, 1, 1);
	while (source_read(&m->s, &run) > 0 && reads++ < 1000) {
		if (!first[run.cpu])
			first[run.cpu] = reads;
		/* CPU 0 never runs dry */
		if (run.cpu == 0)
			m->at[0] = 0;
	}
	assert_true(first[1] > 0);
	m->at[0] = m->count[0];
	source_close(&m->s);
}

static void time_that_goes_backwards_is_counted(void **state)
{
	struct made *m = made_new(2, 100);
	struct event_vmexit *exit;
	struct event_run run;

	(void)state;
	/* a flush within an exit is committed first and begins later */
	made_add(m, 0, 105)->h.id = EVENT_TLB_FLUSH;
	exit = made_add(m, 0, 100);
	exit->handle_cycles = 20;
	exit->blocked_cycles = 80;
	made_add(m, 0, 200);
	/* the same for two vCPUs, one blocked while the other one ran */
	made_add(m, 0, 300);
	exit = made_add(m, 0, 210);
	exit->blocked_cycles = 90;
	/* these two ended before that */
	made_add(m, 0, 299);
	made_add(m, 0, 250)->handle_cycles = 49;
	/* so long or longer: nobody knows */
	made_add(m, 0, 250)->handle_cycles = UINT32_MAX;
	/* a loss has no time of its own; another CPU has its own time */
	made_lose(m, 0, 1, 1);
	made_add(m, 1, 10);
	made_add(m, 1, ~0ull - 5)->handle_cycles = 100;
	made_add(m, 1, ~0ull - 4)->blocked_cycles = ~0ull;
	source_merged(&m->s);
	while (source_read(&m->s, &run) > 0)
		continue;
	assert_int_equal(source_disordered(&m->s), 2);
	source_close(&m->s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_comes_next_and_of_equals_the_first_cpus),
		cmocka_unit_test(all_records_come_once),
		cmocka_unit_test(what_is_given_back_is_not_read),
		cmocka_unit_test(an_error_is_passed_on),
		cmocka_unit_test(a_ring_goes_on_after_nothing_came),
		cmocka_unit_test(cpus_take_turns),
		cmocka_unit_test(time_that_goes_backwards_is_counted),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
