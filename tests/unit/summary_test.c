/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Summaries against a list that is searched from end to end for every event:
 * the same rows, counts and sums, whatever the keys; and a fixed order.
 */
#include "exit-analyzer/stats/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random.h"
#include "tests/unit/summary_view.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define EVENTS 4000

static const char kallsyms_0[] =
	"ffffffff81000000 T _stext\n"
	"ffffffff81000100 T native_cpuid\n"
	"ffffffff81000200 t io_serial_out\n"
	"ffffffff81000300 t idle\n"
	"ffffffff81000400 t idle\n"
	"ffffffff81000500 T _etext\n"
	"ffffffffc0000000 t idle\t[virtio]\n"
	"ffffffffc0000080 t vring_kick\t[virtio]\n"
	"ffffffffc0000100 t vring_last\t[virtio]\n";
/* the same kernel, elsewhere */
static const char kallsyms_1[] =
	"ffffffff92000000 T _stext\n"
	"ffffffff92000100 T native_cpuid\n"
	"ffffffff92000200 t io_serial_out\n"
	"ffffffff92000300 T _etext\n";

static struct guest guests[ANCHOR_VMS_MAX];
static struct key_context context, no_symbols;

static int setup(void **state)
{
	(void)state;
	guest_use_symbols(&guests[0], symtab_from_kallsyms(
		kallsyms_0, strlen(kallsyms_0), NULL));
	guest_use_symbols(&guests[1], symtab_from_kallsyms(
		kallsyms_1, strlen(kallsyms_1), NULL));
	context_make(&context, guests);
	context_make(&no_symbols, NULL);
	return guests[0].symtab && guests[1].symtab ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	key_context_exit(&context);
	key_context_exit(&no_symbols);
	guest_exit(&guests[0]);
	guest_exit(&guests[1]);
	return 0;
}

/* xorshift64*: the same events in every run. */
static struct event_vmexit exit_event(uint64_t tsc, unsigned int vm,
				      unsigned int reason, uint64_t rip,
				      uint32_t cycles)
{
	return (struct event_vmexit){
		.h = { .tsc = tsc, .id = EVENT_VMEXIT, .slots = 1, .vm = vm },
		.reason = reason,
		.cpl_known = EVENT_KNOWN_ALL,
		.rip = rip,
		.handle_cycles = cycles,
	};
}

struct naive_row {
	uint64_t key[3];
	uint64_t count, sum, min, max, blocked;
};

struct naive {
	struct naive_row row[EVENTS];
	size_t rows;
};

static void naive_add(struct naive *n, const uint64_t key[3], uint64_t cycles,
		      uint64_t blocked)
{
	struct naive_row *row = n->row;

	while (row < n->row + n->rows && memcmp(row->key, key, sizeof(row->key)))
		row++;
	if (row == n->row + n->rows) {
		*row = (struct naive_row){ .min = cycles };
		memcpy(row->key, key, sizeof(row->key));
		n->rows++;
	}
	row->count++;
	row->sum += cycles;
	row->blocked += blocked;
	row->min = cycles < row->min ? cycles : row->min;
	row->max = cycles > row->max ? cycles : row->max;
}

static const struct naive_row *naive_find(const struct naive *n,
					  const struct summary_rows *rows,
					  size_t at, size_t keys)
{
	for (size_t i = 0; i < n->rows; i++) {
		size_t k = 0;

		while (k < keys && n->row[i].key[k] == number_at(rows, at, k))
			k++;
		if (k == keys)
			return &n->row[i];
	}
	return NULL;
}

static void assert_same_rows(struct summary *s, const struct naive *n,
			     size_t keys)
{
	struct summary_rows rows = exits_of(s);

	assert_int_equal(rows.count, n->rows);
	for (size_t i = 0; i < rows.count; i++) {
		const struct naive_row *row = naive_find(n, &rows, i, keys);

		assert_non_null(row);
		assert_int_equal(exit_row(&rows, i)->handle.count, row->count);
		assert_int_equal(exit_row(&rows, i)->handle.sum, row->sum);
		assert_int_equal(exit_row(&rows, i)->handle.min, row->min);
		assert_int_equal(exit_row(&rows, i)->handle.max, row->max);
		assert_int_equal(exit_row(&rows, i)->blocked_cycles, row->blocked);
		if (i)
			assert_true(exit_row(&rows, i - 1)->handle.sum >=
				    exit_row(&rows, i)->handle.sum);
	}
}

static void compare_with_list(const enum key *keys, size_t count,
			      uint64_t (*word)(enum key key,
					       const struct event_vmexit *e,
					       unsigned int cpu))
{
	struct naive *n = calloc(1, sizeof(*n));
	struct summary *s = summary_new(keys, count, &no_symbols);

	assert_non_null(n);
	assert_non_null(s);
	for (int i = 0; i < EVENTS; i++) {
		unsigned int cpu = random_next() % 4;
		struct event_vmexit e = exit_event(
			i, random_next() % 3, random_next() % EXIT_REASONS, 0,
			random_next() % 100000);
		uint64_t key[3] = { 0 };

		e.vcpu = random_next() % 5;
		e.cr3 = (random_next() % 200) << 12;
		e.cpl_known = random_next() % 3 | EVENT_KNOWN_ALL;
		e.rip = 0x100000 + random_next() % 300;
		e.blocked_cycles = random_next() % 2 ? 0 : 1000;
		for (size_t k = 0; k < count; k++)
			key[k] = word(keys[k], &e, cpu);
		naive_add(n, key, e.handle_cycles, e.blocked_cycles);
		assert_int_equal(summary_add(s, &e.h, cpu), 0);
	}
	assert_same_rows(s, n, count);
	summary_free(s);
	free(n);
}

static uint64_t word_of(enum key key, const struct event_vmexit *e,
			unsigned int cpu)
{
	switch (key) {
	case BY_REASON:	return e->reason;
	case BY_SYM:		return e->rip;
	case BY_VM:		return e->h.vm;
	case BY_VCPU:		return e->vcpu;
	case BY_CPU:		return cpu;
	case BY_CR3:		return e->cr3;
	case BY_CPL:		return EVENT_CPL(e->cpl_known);
	default:			return 0;
	}
}

static void any_keys_give_the_rows_of_a_list(void **state)
{
	static const enum key keys[][3] = {
		{ BY_REASON, BY_SYM, BY_CPL },
		{ BY_CR3, BY_VCPU, BY_CPU },
		{ BY_SYM, BY_VM, BY_CR3 },
		{ BY_PROCESS, BY_SYM, BY_VM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		for (size_t count = 1; count <= 3; count++)
			compare_with_list(keys[i], count, word_of);
}

static void add_exit(struct summary *s, struct event_vmexit e)
{
	assert_int_equal(summary_add(s, &e.h, 0), 0);
}

static void equal_names_are_one_symbol(void **state)
{
	static const enum key key[] = { BY_SYM };
	struct summary *s = summary_new(key, 1, &context);
	struct summary_rows rows;

	(void)state;
	/* one name in two guests, and twice in one */
	add_exit(s, exit_event(1, 0, EXIT_CPUID, 0xffffffff81000104, 1000));
	add_exit(s, exit_event(2, 1, EXIT_CPUID, 0xffffffff92000188, 1000));
	add_exit(s, exit_event(3, 0, EXIT_HLT, 0xffffffff81000300, 100));
	add_exit(s, exit_event(4, 0, EXIT_HLT, 0xffffffff81000400, 100));
	/* the same name in a module is another */
	add_exit(s, exit_event(5, 0, EXIT_HLT, 0xffffffffc0000010, 10));
	/* the address of VM 0's function means nothing in VM 1 */
	add_exit(s, exit_event(6, 1, EXIT_HLT, 0xffffffff81000104, 1));
	rows = exits_of(s);
	assert_int_equal(rows.count, 4);
	assert_string_equal(text_at(&rows, 0, 0), "native_cpuid");
	assert_null(tag_at(&rows, 0, 0));
	assert_int_equal(exit_row(&rows, 0)->handle.count, 2);
	assert_string_equal(text_at(&rows, 1, 0), "idle");
	assert_null(tag_at(&rows, 1, 0));
	assert_int_equal(exit_row(&rows, 1)->handle.count, 2);
	assert_string_equal(text_at(&rows, 2, 0), "idle");
	assert_string_equal(tag_at(&rows, 2, 0), "virtio");
	assert_null(text_at(&rows, 3, 0));
	assert_int_equal(number_at(&rows, 3, 0), 0xffffffff81000104);
	summary_free(s);
}

static void user_code_is_one_row(void **state)
{
	static const enum key key[] = { BY_SYM };
	struct summary *s = summary_new(key, 1, &context);
	struct summary_rows rows;

	(void)state;
	for (int i = 0; i < 10; i++) {
		struct event_vmexit e = exit_event(i, 0, EXIT_CPUID,
						   0x400000 + i, 5);

		e.cpl_known = 3 | EVENT_KNOWN_ALL;
		add_exit(s, e);
	}
	/* a user's RIP in the kernel's half is still the user's */
	for (int i = 0; i < 2; i++) {
		struct event_vmexit e = exit_event(i, 0, EXIT_CPUID,
						   0xffffffff81000104, 5);

		e.cpl_known = (i ? 3 : 0) | EVENT_KNOWN_ALL;
		add_exit(s, e);
	}
	rows = exits_of(s);
	assert_int_equal(rows.count, 2);
	assert_string_equal(text_at(&rows, 0, 0), "[user]");
	assert_int_equal(exit_row(&rows, 0)->handle.count, 11);
	assert_string_equal(text_at(&rows, 1, 0), "native_cpuid");
	summary_free(s);
}

/* Far more RIPs than the cache of symbols has lines, in random order. */
static void many_addresses_keep_their_symbols(void **state)
{
	static const enum key key[] = { BY_SYM };
	enum { FUNCTIONS = 4000, BYTES = 64 };
	char *text = malloc(FUNCTIONS * 64);
	uint64_t *expected = calloc(FUNCTIONS, sizeof(*expected));
	struct guest many[ANCHOR_VMS_MAX] = { 0 };
	struct summary_rows rows;
	struct key_context c;
	struct summary *s;
	size_t bytes = 0;

	(void)state;
	for (int i = 0; i <= FUNCTIONS; i++)
		bytes += sprintf(text + bytes, "%" PRIx64 " T function_%d\n",
				 0xffffffff81000000 + (uint64_t)i * BYTES, i);
	guest_use_symbols(&many[0], symtab_from_kallsyms(text, bytes, NULL));
	context_make(&c, many);
	s = summary_new(key, 1, &c);
	for (int i = 0; i < 300000; i++) {
		unsigned int f = random_next() % FUNCTIONS;

		add_exit(s, exit_event(i, 0, EXIT_IO, 0xffffffff81000000 +
				       f * BYTES + random_next() % BYTES, 1));
		expected[f]++;
	}
	rows = exits_of(s);
	assert_int_equal(rows.count, FUNCTIONS);
	for (size_t i = 0; i < rows.count; i++) {
		int f = -1;

		assert_int_equal(sscanf(text_at(&rows, i, 0), "function_%d",
					&f), 1);
		assert_int_equal(exit_row(&rows, i)->handle.count, expected[f]);
	}
	summary_free(s);
	key_context_exit(&c);
	guest_exit(&many[0]);
	free(expected);
	free(text);
}

/* Ties in cost are broken by key, whatever order the events came in. */
static void order_does_not_depend_on_arrival(void **state)
{
	static const enum key key[] = {
		BY_REASON, BY_CR3,
	};
	struct event_vmexit e[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(e); i++) {
		e[i] = exit_event(i, 0, i % 8, 0, i / 32);
		e[i].cr3 = i << 12;
	}
	for (int round = 0; round < 20; round++) {
		struct summary *s = summary_new(key, 2, &context);
		struct summary_rows rows;

		for (size_t i = ARRAY_SIZE(e) - 1; i > 0; i--) {
			size_t j = random_next() % (i + 1);
			struct event_vmexit swap = e[i];

			e[i] = e[j];
			e[j] = swap;
		}
		for (size_t i = 0; i < ARRAY_SIZE(e); i++)
			add_exit(s, e[i]);
		rows = exits_of(s);
		assert_int_equal(rows.count, ARRAY_SIZE(e));
		for (size_t i = 0; i < rows.count; i++) {
			/* 32 rows of cost 1, then 32 of 0; four a reason */
			assert_int_equal(exit_row(&rows, i)->handle.sum, i < 32);
			assert_int_equal(number_at(&rows, i, 0), i % 32 / 4);
			if (i % 4)
				assert_true(number_at(&rows, i - 1, 1) <
					    number_at(&rows, i, 1));
		}
		summary_free(s);
	}
}

static void reasons_not_known_are_unknown(void **state)
{
	static const enum key key[] = { BY_REASON };
	struct summary *s = summary_new(key, 1, &context);
	struct summary_rows rows;

	(void)state;
	add_exit(s, exit_event(1, 0, EXIT_REASONS, 0, 5));
	add_exit(s, exit_event(1, 0, 0xffff, 0, 5));
	rows = exits_of(s);
	assert_int_equal(rows.count, 1);
	assert_int_equal(number_at(&rows, 0, 0), EXIT_UNKNOWN);
	summary_free(s);
}

static void tlb_flushes_by_cause_and_asid(void **state)
{
	static const enum key key[] = { BY_REASON };
	struct summary *s = summary_new(key, 1, &context);
	struct summary_rows rows;
	uint64_t total = 0;

	(void)state;
	for (int i = 0; i < 600; i++) {
		struct event_tlb_flush e = {
			.h = { .id = EVENT_TLB_FLUSH, .slots = 1, .vm = i % 2 },
			.asid = i % 3,
			.cause = i % 5 ? TLB_CAUSE_NPT_CHANGED :
					 TLB_CAUSE_GUEST_CR3,
			.scope = TLB_SCOPE_CONTEXT,
			.guest = i % 5 ? 0 : 1,
			.known = EVENT_KNOWN_ALL,
		};

		assert_int_equal(summary_add(s, &e.h, 0), 0);
	}
	assert_int_equal(summary_flushes(s, &rows), 0);
	assert_int_equal(rows.count, 12);
	for (size_t i = 0; i < rows.count; i++) {
		const uint64_t *row = summary_row_at(&rows, i);
		bool npt = number_at(&rows, i, 0) == TLB_CAUSE_NPT_CHANGED;

		assert_int_equal(*row, npt ? 80 : 20);
		assert_int_equal(npt, i < 6);
		assert_int_equal(number_at(&rows, i, 1), TLB_SCOPE_CONTEXT);
		assert_int_equal(number_at(&rows, i, 2), !npt);
		assert_int_equal(number_at(&rows, i, 3), i % 6 / 3);
		assert_int_equal(number_at(&rows, i, 4), i % 3);
		total += *row;
	}
	assert_int_equal(total, 600);
	summary_free(s);
}

static void hypercalls_by_number(void **state)
{
	static const enum key key[] = { BY_REASON };
	struct summary *s = summary_new(key, 1, &context);
	const struct histogram *few, *many;
	struct summary_rows rows;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct event_hypercall e = {
			.h = { .id = EVENT_HYPERCALL, .slots = 2 },
			.cpl_known = EVENT_KNOWN_ALL,
			.number = i % 10 ? 5 : ~0ull,
			.cycles = i,
		};

		assert_int_equal(summary_add(s, &e.h, 0), 0);
	}
	assert_int_equal(summary_calls(s, &rows), 0);
	assert_int_equal(rows.count, 2);
	many = summary_row_at(&rows, 0);
	few = summary_row_at(&rows, 1);
	assert_int_equal(number_at(&rows, 0, 0), 5);
	assert_int_equal(many->count, 90);
	assert_int_equal(many->sum, 4950 - 450);
	assert_true(number_at(&rows, 1, 0) == ~0ull);
	assert_int_equal(few->max, 90);
	summary_free(s);
}

static void losses_are_counted_by_record(void **state)
{
	static const enum key key[] = { BY_REASON };
	struct summary *s = summary_new(key, 1, &context);
	struct event_lost lost = {
		.h = { .tsc = 500, .id = EVENT_LOST, .slots = 1,
		       .vm = EVENT_NO_VM },
		.missed = 1000,
	};

	(void)state;
	add_exit(s, exit_event(700, 0, EXIT_IO, 0, 5));
	assert_int_equal(summary_add(s, &lost.h, 0), 0);
	lost.h.tsc = 0;
	lost.missed = 7;
	assert_int_equal(summary_add(s, &lost.h, 1), 0);
	add_exit(s, exit_event(600, 0, EXIT_IO, 0, 5));
	assert_int_equal(summary_loss(s).missed, 1007);
	assert_int_equal(summary_loss(s).events, 2);
	assert_int_equal(summary_loss(s).first_tsc, 0);
	assert_int_equal(summary_first_tsc(s), 600);
	assert_int_equal(summary_last_tsc(s), 700);
	assert_int_equal(summary_total(s).count, 2);
	summary_free(s);
}

static void short_records_are_refused(void **state)
{
	static const enum key key[] = { BY_REASON };
	struct summary *s = summary_new(key, 1, &context);
	struct event_hypercall e = {
		.h = { .id = EVENT_HYPERCALL, .slots = 1 },
	};

	(void)state;
	assert_int_equal(summary_add(s, &e.h, 0), -EBADMSG);
	e.h.slots = 0;
	e.h.id = EVENT_VMEXIT;
	assert_int_equal(summary_add(s, &e.h, 0), -EBADMSG);
	e.h.id = EVENT_PAD;
	assert_int_equal(summary_add(s, &e.h, 0), 0);
	e.h.id = 200;
	assert_int_equal(summary_add(s, &e.h, 0), 0);
	assert_int_equal(summary_total(s).count, 0);
	summary_free(s);
}

static void keys_are_parsed_in_order(void **state)
{
	enum key keys[KEYS];
	char bad[8];

	(void)state;
	assert_int_equal(key_parse("sym,reason", KEY_EXITS, keys,
				   bad, sizeof(bad)), 2);
	assert_int_equal(keys[0], BY_SYM);
	assert_int_equal(keys[1], BY_REASON);
	assert_int_equal(key_parse("vm,vcpu,cpu,cr3,cpl,sym,reason", KEY_EXITS,
				   keys, bad, sizeof(bad)), 7);
	assert_int_equal(key_parse("reason,colour", KEY_EXITS,
				   keys, bad, sizeof(bad)), -EINVAL);
	assert_string_equal(bad, "colour");
	assert_int_equal(key_parse("cpu,vm,cpu", KEY_EXITS,
				   keys, bad, sizeof(bad)), -EINVAL);
	assert_string_equal(bad, "cpu");
	assert_int_equal(key_parse("", KEY_EXITS,
				   keys, bad, sizeof(bad)),
			 -EINVAL);
	assert_int_equal(key_parse("reason,", KEY_EXITS,
				   keys, bad, sizeof(bad)), -EINVAL);
	assert_int_equal(key_parse("a_very_long_word", KEY_EXITS,
				   keys, bad, sizeof(bad)), -EINVAL);
	assert_string_equal(bad, "a_very_");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_keys_give_the_rows_of_a_list),
		cmocka_unit_test(equal_names_are_one_symbol),
		cmocka_unit_test(user_code_is_one_row),
		cmocka_unit_test(many_addresses_keep_their_symbols),
		cmocka_unit_test(order_does_not_depend_on_arrival),
		cmocka_unit_test(reasons_not_known_are_unknown),
		cmocka_unit_test(tlb_flushes_by_cause_and_asid),
		cmocka_unit_test(hypercalls_by_number),
		cmocka_unit_test(losses_are_counted_by_record),
		cmocka_unit_test(short_records_are_refused),
		cmocka_unit_test(keys_are_parsed_in_order),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
