/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intervals of vmtop against summaries of the same events, which is what
 * vmprof reports: every rate and percentile must be the same.
 */
#include "exit-analyzer/live/interval_counter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "exit-analyzer/stats/summary.h"
#include "tests/random.h"
#include "tests/unit/summary_view.h"

#define TEXT		0xffffffff81000000ull
#define FUNCTIONS	50
#define VMS		3
#define VCPUS		4

static const struct origin_vm vms[VMS] = {
	{ .name = "one", .state = VM_STATE_RUNNING, .vcpus = VCPUS },
	{ .name = "two", .state = VM_STATE_RUNNING, .vcpus = VCPUS },
	{ .name = "three", .state = VM_STATE_RUNNING, .vcpus = 1 },
};

static const struct origin origin = {
	.clock.tsc_khz = 1000000, .cpus = 2, .vms = VMS, .vm = vms,
};

static struct symtab *symtab_make(void)
{
	static char text[FUNCTIONS * 64];
	size_t bytes = 0;

	for (unsigned int i = 0; i < FUNCTIONS; i++)
		bytes += sprintf(text + bytes, "%016llx T function_%u\n",
				 TEXT + i * 256ull, i);
	bytes += sprintf(text + bytes, "%016llx T _etext\n",
			 TEXT + FUNCTIONS * 256ull);
	return symtab_from_kallsyms(text, bytes, NULL);
}

/* Some reasons are common and some come once; costs have a long tail. */
static struct event_vmexit exit_make(uint64_t tsc)
{
	uint64_t r = random_next();
	unsigned int vm = r % 8 ? r % VMS : 0;
	struct event_vmexit e = {
		.h = { .tsc = tsc, .id = EVENT_VMEXIT, .slots = 1, .vm = vm },
		.vcpu = vm == 2 ? 0 : r / 8 % VCPUS,
		.reason = r / 64 % 100 ? EXIT_CPUID + r / 6400 % 5 :
					 r / 6400 % EXIT_REASONS,
		.cpl_known = (r >> 40 & 7 ? 0 : 3) | EVENT_KNOWN_ALL,
		.handle_cycles = 300 + random_next() % 2000,
		.blocked_cycles = r >> 44 & 3 ? 0 : 100000,
		/* some beyond the last function, so without a symbol */
		.rip = TEXT + random_next() % (FUNCTIONS * 256 + 1024),
	};

	if (!(random_next() % 50))
		e.handle_cycles = (uint32_t)random_next();
	return e;
}

static struct snapshot *end(struct interval_counter *c)
{
	return interval_counter_end(c, INTERVAL_END_NOW);
}

struct both {
	struct interval_counter *counter;
	struct summary *by_reason, *by_vm, *by_vcpu, *by_symbol;
	struct guest guests[ANCHOR_VMS_MAX];
	struct key_context context;
};

static void summaries_open(struct both *b)
{
	static const enum key vcpu[] = {
		BY_REASON, BY_VM, BY_VCPU };
	static const enum key symbol[] = {
		BY_REASON, BY_SYM, BY_VM,
		BY_VCPU };

	b->by_reason = summary_new(vcpu, 1, &b->context);
	b->by_vm = summary_new(vcpu, 2, &b->context);
	b->by_vcpu = summary_new(vcpu, 3, &b->context);
	b->by_symbol = summary_new(symbol, 4, &b->context);
	assert_non_null(b->by_reason);
	assert_non_null(b->by_vm);
	assert_non_null(b->by_vcpu);
	assert_non_null(b->by_symbol);
}

static void summaries_close(struct both *b)
{
	summary_free(b->by_reason);
	summary_free(b->by_vm);
	summary_free(b->by_vcpu);
	summary_free(b->by_symbol);
}

static void both_open(struct both *b)
{
	memset(b, 0, sizeof(*b));
	b->counter = interval_counter_new(&origin);
	assert_non_null(b->counter);
	for (unsigned int vm = 0; vm < 2; vm++) {
		guest_use_symbols(&b->guests[vm], symtab_make());
		assert_non_null(b->guests[vm].symtab);
		assert_int_equal(interval_counter_use_symbols(b->counter, vm,
						     symtab_make()), 0);
	}
	context_make(&b->context, b->guests);
	summaries_open(b);
}

static void both_close(struct both *b)
{
	summaries_close(b);
	key_context_exit(&b->context);
	guest_exit(&b->guests[0]);
	guest_exit(&b->guests[1]);
	interval_counter_free(b->counter);
}

static void both_add(struct both *b, const struct event_header *ev)
{
	assert_int_equal(interval_counter_add(b->counter, ev, 1, 0), 0);
	assert_int_equal(summary_add(b->by_reason, ev, 0), 0);
	assert_int_equal(summary_add(b->by_vm, ev, 0), 0);
	assert_int_equal(summary_add(b->by_vcpu, ev, 0), 0);
	assert_int_equal(summary_add(b->by_symbol, ev, 0), 0);
}

static const struct snapshot_exit *exit_find(const struct snapshot *snap,
					     int vm, int vcpu, uint64_t reason)
{
	for (size_t i = 0; i < snap->exits; i++)
		if (snap->exit[i].vm == vm && snap->exit[i].vcpu == vcpu &&
		    snap->exit[i].reason == reason)
			return &snap->exit[i];
	return NULL;
}

static void cost_equal(const struct cost_stats *c, const struct histogram *h)
{
	uint64_t log2 = 0;

	assert_int_equal(c->count, h->count);
	assert_int_equal(c->cycles, h->sum);
	assert_int_equal(c->min, h->min);
	assert_int_equal(c->max, h->max);
	assert_int_equal(c->p50, histogram_percentile(h, 500));
	assert_int_equal(c->p95, histogram_percentile(h, 950));
	assert_int_equal(c->p99, histogram_percentile(h, 990));
	for (unsigned int i = 0; i < SNAPSHOT_LOG2; i++)
		log2 += c->log2[i];
	assert_int_equal(log2, h->count);
}

/* The machine's clock ticks once a nanosecond. */
static void within_equal(const struct snapshot_exit *e,
			 const struct histogram *h)
{
	uint64_t count[SNAPSHOT_BOUNDS] = { 0 };

	histogram_bounds(h, snapshot_bound_ns, SNAPSHOT_BOUNDS, count);
	for (unsigned int i = 0; i < SNAPSHOT_BOUNDS; i++)
		assert_int_equal(e->within[i], count[i]);
}

static void exits_equal(struct both *b, const struct snapshot *snap)
{
	struct summary_rows rows;
	size_t found = 0;

	rows = exits_of(b->by_reason);
	for (size_t i = 0; i < rows.count; i++) {
		const struct snapshot_exit *e = exit_find(snap, SNAPSHOT_ALL,
			SNAPSHOT_ALL, number_at(&rows, i, 0));

		assert_non_null(e);
		cost_equal(&e->handle, &exit_row(&rows, i)->handle);
		assert_int_equal(e->blocked_cycles, exit_row(&rows, i)->blocked_cycles);
	}
	rows = exits_of(b->by_vm);
	for (size_t i = 0; i < rows.count; i++) {
		const struct snapshot_exit *e = exit_find(snap,
			number_at(&rows, i, 1), SNAPSHOT_ALL,
			number_at(&rows, i, 0));

		assert_non_null(e);
		cost_equal(&e->handle, &exit_row(&rows, i)->handle);
		within_equal(e, &exit_row(&rows, i)->handle);
	}
	rows = exits_of(b->by_vcpu);
	for (size_t i = 0; i < rows.count; i++) {
		const struct snapshot_exit *e = exit_find(snap,
			number_at(&rows, i, 1), number_at(&rows, i, 2),
			number_at(&rows, i, 0));

		assert_non_null(e);
		cost_equal(&e->handle, &exit_row(&rows, i)->handle);
	}
	for (size_t i = 0; i < snap->exits; i++)
		found += snap->exit[i].vcpu != SNAPSHOT_ALL &&
			snap->exit[i].handle.count;
	assert_int_equal(found, rows.count);
}

static void symbols_equal(struct both *b, const struct snapshot *snap)
{
	struct summary_rows rows = exits_of(b->by_symbol);

	assert_int_equal(snap->symbols, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		const char *text = text_at(&rows, i, 1);
		size_t n;

		for (n = 0; n < rows.count; n++) {
			const struct snapshot_symbol *s = &snap->symbol[n];

			if (s->reason == number_at(&rows, i, 0) &&
			    s->vm == (int)number_at(&rows, i, 2) &&
			    s->vcpu == (int)number_at(&rows, i, 3) &&
			    (text ? s->name && !strcmp(s->name, text) :
			     !s->name && s->address == number_at(&rows, i, 1)))
				break;
		}
		assert_int_not_equal(n, rows.count);
		assert_int_equal(snap->symbol[n].count, exit_row(&rows, i)->handle.count);
		assert_int_equal(snap->symbol[n].cycles, exit_row(&rows, i)->handle.sum);
		assert_int_equal(snap->symbol[n].max_cycles,
				 exit_row(&rows, i)->handle.max);
	}
}

/* Several intervals, of few exits and of many; totals go on over them. */
static void intervals_are_what_summaries_say(void **state)
{
	static const unsigned int counts[] = { 20000, 0, 1, 300, 20000 };
	uint64_t tsc = 1000, total = 0;
	struct both b;

	(void)state;
	both_open(&b);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		uint64_t sum = 0, in_total = 0;
		struct snapshot *snap;

		for (unsigned int n = 0; n < counts[i]; n++) {
			struct event_vmexit e = exit_make(tsc++);

			both_add(&b, &e.h);
		}
		total += counts[i];
		snap = end(b.counter);
		assert_non_null(snap);
		assert_int_equal(snap->read, counts[i]);
		exits_equal(&b, snap);
		if (counts[i] < 1000)
			symbols_equal(&b, snap);
		for (size_t n = 0; n < snap->symbols; n++)
			sum += snap->symbol[n].count;
		assert_int_equal(sum, counts[i]);
		for (size_t n = 0; n < snap->exits; n++)
			if (snap->exit[n].vm == SNAPSHOT_ALL)
				in_total += snap->exit[n].handle.total;
		assert_int_equal(in_total, total);
		snapshot_free(snap);
		summaries_close(&b);
		summaries_open(&b);
	}
	both_close(&b);
}

static void all_symbols_of_a_large_interval(void **state)
{
	struct both b;
	struct snapshot *snap;

	(void)state;
	both_open(&b);
	for (unsigned int n = 0; n < 5000; n++) {
		struct event_vmexit e = exit_make(n);

		/* kernel code that has symbols: fewer rows than are kept */
		e.h.vm = n % 2;
		e.vcpu = 0;
		e.reason = EXIT_CPUID + n % 5;
		e.rip = TEXT + e.rip % (FUNCTIONS * 256);
		both_add(&b, &e.h);
	}
	snap = end(b.counter);
	assert_non_null(snap);
	symbols_equal(&b, snap);
	snapshot_free(snap);
	both_close(&b);
}

/* More places than are kept apart: the rest is added up, and none is lost. */
static void too_many_places_are_added_up(void **state)
{
	struct interval_counter *s = interval_counter_new(&origin);
	struct event_vmexit e = {
		.h = { .id = EVENT_VMEXIT, .slots = 1 },
		.reason = EXIT_NPF, .cpl_known = EVENT_KNOWN_ALL,
	};

	(void)state;
	assert_non_null(s);
	for (unsigned int interval = 0; interval < 3; interval++) {
		uint64_t count = 0, cycles = 0, others = 0;
		const char *name = NULL;
		struct snapshot *snap;

		for (unsigned int n = 0; n < 400000; n++) {
			e.rip = 0xffff800000000000ull + n * 16;
			e.handle_cycles = n;
			assert_int_equal(interval_counter_add(s, &e.h, 1, 0), 0);
		}
		snap = end(s);
		assert_non_null(snap);
		assert_in_range(snap->symbols, INTERVAL_SYMBOLS,
				INTERVAL_SYMBOLS + 2);
		for (size_t n = 0; n < snap->symbols; n++) {
			count += snap->symbol[n].count;
			cycles += snap->symbol[n].cycles;
			if (!snap->symbol[n].name ||
			    strcmp(snap->symbol[n].name, "[others]"))
				continue;
			others += snap->symbol[n].count;
			/* panels put rows of the same name together by that */
			if (name)
				assert_ptr_equal(snap->symbol[n].name, name);
			name = snap->symbol[n].name;
		}
		assert_int_equal(count, 400000);
		assert_int_equal(cycles, 400000ull * 399999 / 2);
		assert_true(others > 300000);
		snapshot_free(snap);
	}
	interval_counter_free(s);
}

static void losses_are_counted(void **state)
{
	struct interval_counter *s = interval_counter_new(&origin);
	struct event_lost lost = {
		.h = { .id = EVENT_LOST, .slots = 1, .vm = EVENT_NO_VM },
		.missed = 12345,
	};
	struct event_vmexit e = exit_make(5);
	struct snapshot *snap;

	(void)state;
	assert_int_equal(interval_counter_add(s, &lost.h, 1, 0), 0);
	assert_int_equal(interval_counter_add(s, &e.h, 1, 0), 0);
	snap = end(s);
	assert_int_equal(snap->read, 1);
	assert_int_equal(snap->missed, 12345);
	snapshot_free(snap);
	lost.missed = 5;
	assert_int_equal(interval_counter_add(s, &lost.h, 1, 0), 0);
	snap = end(s);
	assert_int_equal(snap->missed, 5);
	assert_int_equal(snap->missed_total, 12350);
	snapshot_free(snap);
	interval_counter_reset(s);
	snap = end(s);
	assert_int_equal(snap->missed_total, 0);
	assert_int_equal(snap->exits, 0);
	snapshot_free(snap);
	interval_counter_free(s);
}

static void flushes_and_calls(void **state)
{
	struct interval_counter *s = interval_counter_new(&origin);
	struct summary *sum;
	static const enum key key[] = { BY_REASON };
	struct key_context c;
	struct summary_rows rows;
	struct snapshot *snap;

	(void)state;
	context_make(&c, NULL);
	sum = summary_new(key, 1, &c);
	for (unsigned int n = 0; n < 3000; n++) {
		struct event_tlb_flush flush = {
			.h = { .id = EVENT_TLB_FLUSH, .slots = 1, .vm = n % 2 },
			.asid = n % 3, .cause = n % TLB_CAUSES,
			.scope = n / 7 % TLB_SCOPES, .guest = n % 5 == 0,
			.known = EVENT_KNOWN_ALL,
		};
		struct event_hypercall call = {
			.h = { .id = EVENT_HYPERCALL, .slots = 2, .vm = n % 2 },
			.number = n % 4, .cycles = random_next() % 100000,
			.vcpu = n % 3, .cpl_known = EVENT_KNOWN_ALL,
		};

		assert_int_equal(interval_counter_add(s, &flush.h, 1, 0), 0);
		assert_int_equal(interval_counter_add(s, &call.h, 1, 0), 0);
		assert_int_equal(summary_add(sum, &flush.h, 0), 0);
		assert_int_equal(summary_add(sum, &call.h, 0), 0);
	}
	snap = end(s);
	assert_non_null(snap);
	assert_int_equal(summary_flushes(sum, &rows), 0);
	assert_int_equal(snap->tlbs, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		uint64_t here = 0;

		for (size_t n = 0; n < snap->tlbs; n++)
			if (snap->tlb[n].cause == number_at(&rows, i, 0) &&
			    snap->tlb[n].scope == number_at(&rows, i, 1) &&
			    snap->tlb[n].guest == number_at(&rows, i, 2) &&
			    snap->tlb[n].vm == (int)number_at(&rows, i, 3) &&
			    snap->tlb[n].asid == number_at(&rows, i, 4))
				here += snap->tlb[n].count;
		assert_int_equal(here,
				 *(const uint64_t *)summary_row_at(&rows, i));
	}
	assert_int_equal(summary_calls(sum, &rows), 0);
	assert_int_equal(snap->hypercalls, rows.count);
	for (size_t i = 0; i < rows.count; i++)
		for (size_t n = 0; n < snap->hypercalls; n++)
			if (snap->hypercall[n].number ==
			    number_at(&rows, i, 0) &&
			    snap->hypercall[n].vm ==
			    (int)number_at(&rows, i, 1))
				cost_equal(&snap->hypercall[n].cost,
					   summary_row_at(&rows, i));
	snapshot_free(snap);
	summary_free(sum);
	key_context_exit(&c);
	interval_counter_free(s);
}

/* A record of one of several kinds and lengths; its slots. */
static unsigned int any_make(void *to, uint64_t kind, uint16_t vm, uint64_t tsc)
{
	struct event_vmexit exit = exit_make(tsc);
	struct event_tlb_flush flush = {
		.h = { .tsc = tsc, .id = EVENT_TLB_FLUSH, .slots = 1 },
		.vcpu = tsc % VCPUS, .scope = tsc % TLB_SCOPES,
	};
	struct event_hypercall call = {
		.h = { .tsc = tsc, .id = EVENT_HYPERCALL, .slots = 2 },
		.vcpu = tsc % VCPUS, .number = tsc % 5, .cycles = tsc,
	};

	switch (kind) {
	case 0:
		memcpy(to, &flush, sizeof(flush));
		return 1;
	case 1:
		memcpy(to, &call, sizeof(call));
		return 2;
	}
	exit.h.vm = vm;
	exit.vcpu = vm == 2 ? 0 : exit.vcpu;
	memcpy(to, &exit, sizeof(exit));
	return 1;
}

static uint64_t symbols_count(const struct snapshot *snap)
{
	uint64_t count = 0;

	for (size_t i = 0; i < snap->symbols; i++)
		count += snap->symbol[i].count;
	return count;
}

/* Records in runs count as the same ones do that come one by one. */
static void runs_are_as_one_by_one(void **state)
{
	static char run[100 * 2 * EVENT_SLOT_BYTES];
	struct interval_counter *one = interval_counter_new(&origin);
	struct interval_counter *many = interval_counter_new(&origin);
	struct snapshot *a, *b;

	(void)state;
	assert_true(one && many);
	for (unsigned int n = 0; n < 300; n++) {
		unsigned int records = 1 + random_next() % 100;
		uint64_t kind = random_next() % 8;
		size_t bytes = 0;

		for (unsigned int i = 0; i < records; i++) {
			void *to = run + bytes;

			bytes += any_make(to, kind, n % 3, n * 100 + i) *
				(size_t)EVENT_SLOT_BYTES;
			assert_int_equal(interval_counter_add(one, to, 1, 0), 0);
		}
		assert_int_equal(interval_counter_add(many, (void *)run, records, 0), 0);
	}
	assert_int_equal(interval_counter_last_tsc(one), interval_counter_last_tsc(many));
	a = end(one);
	b = end(many);
	assert_true(a && b);
	assert_int_equal(a->read, b->read);
	assert_true(a->exits && a->exits == b->exits);
	assert_memory_equal(a->exit, b->exit, a->exits * sizeof(*a->exit));
	assert_true(a->tlbs && a->tlbs == b->tlbs);
	assert_memory_equal(a->tlb, b->tlb, a->tlbs * sizeof(*a->tlb));
	assert_true(a->hypercalls && a->hypercalls == b->hypercalls);
	assert_memory_equal(a->hypercall, b->hypercall,
			    a->hypercalls * sizeof(*a->hypercall));
	assert_true(a->symbols && symbols_count(a) == symbols_count(b));
	snapshot_free(a);
	snapshot_free(b);
	interval_counter_free(one);
	interval_counter_free(many);
}

/* A guest that calls by ever more numbers loses none that it had before. */
static void hypercall_numbers_have_an_end(void **state)
{
	struct interval_counter *s = interval_counter_new(&origin);
	struct event_hypercall call = {
		.h = { .id = EVENT_HYPERCALL, .slots = 2 }, .cycles = 9,
	};
	struct snapshot *snap;

	(void)state;
	for (call.number = 1; call.number <= 5000; call.number++)
		assert_int_equal(interval_counter_add(s, &call.h, 1, 0), 0);
	call.number = 1;
	for (unsigned int i = 0; i < 100; i++)
		assert_int_equal(interval_counter_add(s, &call.h, 1, 0), 0);
	snap = end(s);
	assert_true(snap->hypercalls < 5000);
	for (size_t i = 0; i < snap->hypercalls; i++) {
		const struct snapshot_hypercall *row = &snap->hypercall[i];

		if (row->number == 1)
			assert_int_equal(row->cost.count, 101);
		else if (row->number == UINT64_MAX)
			assert_int_equal(row->cost.count,
					 5001 - snap->hypercalls);
		else
			assert_int_equal(row->cost.count, 1);
	}
	snapshot_free(snap);
	interval_counter_free(s);
}

/* Symbols that come later name the exits of then, and keep the totals. */
static void symbols_may_come_later(void **state)
{
	struct interval_counter *s = interval_counter_new(&origin);
	struct event_vmexit e = {
		.h = { .id = EVENT_VMEXIT, .slots = 1 }, .reason = EXIT_IO,
		.cpl_known = EVENT_KNOWN_ALL, .rip = TEXT + 256, .handle_cycles = 7,
	};
	struct snapshot *before, *after;

	(void)state;
	assert_int_equal(interval_counter_add(s, &e.h, 1, 0), 0);
	before = end(s);
	assert_int_equal(before->symbols, 1);
	assert_null(before->symbol[0].name);
	assert_int_equal(before->symbol[0].address, TEXT + 256);
	assert_int_equal(interval_counter_unresolved(s, 0), 1);
	assert_int_equal(interval_counter_add(s, &e.h, 1, 0), 0);
	assert_int_equal(interval_counter_use_symbols(s, 0, symtab_make()), 0);
	after = end(s);
	assert_int_equal(after->symbols, 1);
	assert_string_equal(after->symbol[0].name, "function_1");
	assert_int_equal(after->symbol[0].count, 1);
	assert_int_equal(interval_counter_unresolved(s, 0), 0);
	snapshot_free(before);
	snapshot_free(after);
	interval_counter_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intervals_are_what_summaries_say),
		cmocka_unit_test(all_symbols_of_a_large_interval),
		cmocka_unit_test(too_many_places_are_added_up),
		cmocka_unit_test(losses_are_counted),
		cmocka_unit_test(flushes_and_calls),
		cmocka_unit_test(runs_are_as_one_by_one),
		cmocka_unit_test(hypercall_numbers_have_an_end),
		cmocka_unit_test(symbols_may_come_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
