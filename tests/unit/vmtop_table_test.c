/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows as vmtop shows them: a trace replayed in intervals, its panels filled,
 * sorted, filtered and drilled into, and columns chosen; no screen.
 */
#include "vmtop/table/table.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tracer/file/writer.h"

#define KHZ		1000000		/* a cycle is a nanosecond */
#define SECOND		1000000000ull
#define TEXT		0xffffffff81000000ull

static char path[] = "/tmp/vmtop-table-test.XXXXXX";

/* Two VMs; in second n of the trace, n exits of each reason and VM, and 1. */
static void trace_write(void)
{
	static const char symbols[] =
		"ffffffff81000000 T zebra\n"
		"ffffffff81000100 T apple\n"
		"ffffffff81000200 T _etext\n";
	static const struct origin_vm vms[] = {
		{ .name = "first", .vcpus = 2, .state = 1 },
		{ .name = "second", .vcpus = 1, .state = 1 },
	};
	struct origin origin = {
		.isas = ORIGIN_ISA(ISA_SVM), .clock.tsc_khz = KHZ, .cpus = 1,
		.vms = 2, .vm = vms,
	};
	struct trace_end_cpu counts = { 0 };
	struct trace_end end = { .cpus = 1 };
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	struct trace_writer *w = trace_writer_open(fd, "test", &origin);
	struct event_vmexit e = {
		.h = { .id = EVENT_VMEXIT, .slots = 1 },
		.cpl_known = EVENT_KNOWN_ALL,
	};

	assert_non_null(w);
	assert_int_equal(trace_writer_kallsyms(w, 0, symbols,
					       sizeof(symbols) - 1), 0);
	for (unsigned int n = 0; n < 5; n++)
		for (unsigned int i = 0; i < 4 * n + 1; i++) {
			e.h.tsc = 77 + n * SECOND + i * 1000;
			e.h.vm = i & 1;
			e.vcpu = i % 4 == 2;
			e.reason = i & 2 ? EXIT_IO : EXIT_CPUID;
			e.handle_cycles = 100 + i;
			e.rip = TEXT + (i & 2 ? 0x100 : 0);
			assert_int_equal(trace_writer_event(w, 0, &e.h), 0);
			counts.read = ++counts.written;
		}
	assert_int_equal(trace_writer_finish(w, &end, &counts), 0);
	trace_writer_close(w);
	close(fd);
}

static int setup(void **state)
{
	struct watch *w = watch_new();

	*state = w;
	trace_write();
	assert_int_equal(watch_replay(w, path, 0), 0);
	return 0;
}

static int teardown(void **state)
{
	watch_free(*state);
	return 0;
}

static int file_make(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd >= 0)
		close(fd);
	return fd < 0;
}

static int file_remove(void **state)
{
	(void)state;
	return unlink(path);
}

static void cut_all(struct watch *w)
{
	int got;

	while ((got = watch_end_interval(w, 1)) > 0)
		;
	assert_int_equal(got, 0);
}

static uint64_t count_of(const struct snapshot *snap)
{
	uint64_t count = 0;

	for (size_t i = 0; i < snap->vcpus; i++)
		count += snap->vcpu[i].exits;
	return count;
}

/* The last one is as long as its records. */
static void trace_time_makes_the_intervals(void **state)
{
	struct watch *w = *state;

	for (unsigned int n = 0; n < 5; n++) {
		const struct snapshot *snap;

		assert_int_equal(watch_end_interval(w, 1), 1);
		snap = watch_past(w, 0, 0);
		assert_int_equal(count_of(snap), 4 * n + 1);
		assert_int_equal(snap->read, 4 * n + 1);
		if (n < 4)
			assert_true(snap->seconds == 1);
		else
			assert_int_equal(snap->cycles, 16 * 1000);
	}
	assert_int_equal(watch_end_interval(w, 1), 0);
	assert_false(watch_any(w));
	assert_int_equal(watch_pasts(w), 5);
	assert_int_equal(count_of(watch_past(w, 0, 4)), 1);
	assert_null(watch_past(w, 0, 5));
	watch_reset(w);
	assert_int_equal(watch_pasts(w), 0);
	assert_null(watch_past(w, 0, 0));
}

static void all_at_once(void **state)
{
	struct watch *w = *state;

	assert_int_equal(watch_end_interval(w, 0), 1);
	assert_int_equal(count_of(watch_past(w, 0, 0)), 1 + 5 + 9 + 13 + 17);
	assert_int_equal(watch_end_interval(w, 0), 0);
}

static const struct panel *panel_find(const char *name)
{
	for (size_t i = 0; i < PANELS; i++)
		if (!strcmp(panels[i]->name, name))
			return panels[i];
	return NULL;
}

static void fill(struct table *t, const char *panel, const char *sort,
		 bool ascending, struct watch *w, const struct scope *scope,
		 const char *filter)
{
	struct table_choice choice;

	table_choice_default(&choice, panel_find(panel));
	if (sort)
		choice.sort = column_find(sort, strlen(sort));
	choice.ascending = ascending;
	assert_non_null(choice.sort);
	assert_int_equal(table_fill(t, panel_find(panel), &choice, w, 0, scope,
				    filter), 0);
}

static void text_is(const struct table *t, size_t row, const char *column,
		    const char *expected)
{
	char text[COLUMN_TEXT_BYTES];

	assert_true(row < t->rows.count);
	column_print(column_find(column, strlen(column)), table_row(t, row),
		     text, sizeof(text));
	assert_string_equal(text, expected);
}

static void rows_are_sorted(void **state)
{
	struct scope all = SCOPE_ALL;
	struct table t = { 0 };

	cut_all(*state);
	fill(&t, "exits", "count", false, *state, &all, NULL);
	assert_int_equal(t.rows.count, 2);
	text_is(&t, 0, "reason", "cpuid");
	text_is(&t, 0, "count", "9");
	text_is(&t, 1, "count", "8");
	text_is(&t, 0, "share", "52.9");
	text_is(&t, 0, "total", "25");
	fill(&t, "exits", "count", true, *state, &all, NULL);
	text_is(&t, 0, "reason", "io");
	fill(&t, "exits", "reason", true, *state, &all, NULL);
	text_is(&t, 0, "reason", "cpuid");
	fill(&t, "exits", "max", false, *state, &all, NULL);
	text_is(&t, 0, "max", "116ns");
	fill(&t, "tlb", NULL, false, *state, &all, NULL);
	assert_int_equal(t.rows.count, 0);
	table_exit(&t);
}

static void scopes_narrow(void **state)
{
	struct scope vm = SCOPE_ALL, vcpu = SCOPE_ALL, reason = SCOPE_ALL;
	struct table t = { 0 };

	cut_all(*state);
	vm.target = vcpu.target = reason.target = 0;
	vm.vm = 0;
	fill(&t, "vcpus", NULL, false, *state, &vm, NULL);
	assert_int_equal(t.rows.count, 2);
	vcpu.vm = 0;
	vcpu.vcpu = 1;
	fill(&t, "exits", NULL, false, *state, &vcpu, NULL);
	assert_int_equal(t.rows.count, 1);
	text_is(&t, 0, "reason", "io");
	text_is(&t, 0, "count", "4");
	reason.vm = 0;
	reason.reason = EXIT_CPUID;
	fill(&t, "symbols", NULL, false, *state, &reason, NULL);
	assert_int_equal(t.rows.count, 1);
	text_is(&t, 0, "symbol", "zebra");
	text_is(&t, 0, "count", "5");
	table_exit(&t);
}

static void rows_are_filtered(void **state)
{
	struct scope all = SCOPE_ALL;
	struct table t = { 0 };

	cut_all(*state);
	fill(&t, "symbols", NULL, false, *state, &all, NULL);
	/* the second VM has no symbols, so addresses */
	assert_int_equal(t.rows.count, 4);
	fill(&t, "symbols", NULL, false, *state, &all, "APPL");
	assert_int_equal(t.rows.count, 1);
	text_is(&t, 0, "symbol", "apple");
	fill(&t, "symbols", NULL, false, *state, &all, "0xffffffff810001");
	assert_int_equal(t.rows.count, 1);
	fill(&t, "symbols", NULL, false, *state, &all, "cpuid");
	assert_int_equal(t.rows.count, 2);
	fill(&t, "symbols", NULL, false, *state, &all, "nothing");
	assert_int_equal(t.rows.count, 0);
	table_exit(&t);
}

static void a_row_is_found_again(void **state)
{
	struct scope all = SCOPE_ALL;
	struct table t = { 0 };
	struct item_key like;
	uint64_t count;

	cut_all(*state);
	fill(&t, "symbols", "count", false, *state, &all, NULL);
	item_key(table_row(&t, 2), &like);
	count = table_row(&t, 2)->cost.count;
	fill(&t, "symbols", "count", true, *state, &all, NULL);
	assert_int_equal(table_row(&t, table_find(&t, &like, 99))->cost.count,
			 count);
	fill(&t, "symbols", NULL, false, *state, &all, "nothing");
	assert_int_equal(table_find(&t, &like, 99), 99);
	table_exit(&t);
}

static void columns_are_chosen(void **state)
{
	const struct panel *panel = panel_find("exits");
	struct table_choice choice;
	char bad[8];

	(void)state;
	table_choice_default(&choice, panel);
	assert_int_equal(table_choose(&choice, panel, "count,reason", bad,
				      sizeof(bad)), 0);
	assert_int_equal(choice.columns, 2);
	assert_string_equal(choice.column[0]->name, "count");
	assert_int_equal(table_choose(&choice, panel, "reason,colour", bad,
				      sizeof(bad)), -EINVAL);
	assert_string_equal(bad, "colour");
	assert_int_equal(table_choose(&choice, panel, "reason,reason", bad,
				      sizeof(bad)), -EINVAL);
	/* a column of another panel; and one that is too long for the text */
	assert_int_equal(table_choose(&choice, panel, "asid", bad,
				      sizeof(bad)), -EINVAL);
	assert_int_equal(table_choose(&choice, panel, "0123456789", bad,
				      sizeof(bad)), -EINVAL);
	assert_string_equal(bad, "0123456");
	assert_int_equal(table_choose(&choice, panel, "", bad, sizeof(bad)),
			 -EINVAL);
	/* what fails changes nothing */
	assert_int_equal(choice.columns, 2);
}

/* Every panel's own lists are of columns that there are. */
static void panels_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < PANELS; i++) {
		struct table_choice choice;
		char bad[32];

		table_choice_default(&choice, panels[i]);
		assert_true(choice.columns > 0);
		assert_non_null(choice.sort);
		assert_true(table_has(panels[i], choice.sort));
		assert_int_equal(table_choose(&choice, panels[i],
					      panels[i]->more, bad,
					      sizeof(bad)), 0);
		assert_int_equal(panels[i]->key, '1' + i);
		if (panels[i]->next)
			assert_ptr_equal(panel_find(panels[i]->next->name),
					 panels[i]->next);
		if (panels[i]->printed)
			assert_int_equal(table_choose(&choice, panels[i],
						      panels[i]->printed, bad,
						      sizeof(bad)), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(trace_time_makes_the_intervals,
						setup, teardown),
		cmocka_unit_test_setup_teardown(all_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(rows_are_sorted, setup,
						teardown),
		cmocka_unit_test_setup_teardown(scopes_narrow, setup, teardown),
		cmocka_unit_test_setup_teardown(rows_are_filtered, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_row_is_found_again, setup,
						teardown),
		cmocka_unit_test(columns_are_chosen),
		cmocka_unit_test(panels_are_whole),
	};

	return cmocka_run_group_tests(tests, file_make, file_remove);
}
