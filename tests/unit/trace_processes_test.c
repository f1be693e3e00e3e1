/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes in a trace file: written, read, and chunks that hold none.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/source_next.h"
#include "tests/unit/trace_maker.h"
#include "tests/unit/trace_path.h"

#define PROCESS_BYTES sizeof(struct trace_process)

static const struct trace_process some[] = {
	{ .from_tsc = 1, .cr3 = 0x2000, .pid = 1, .comm = "init" },
	{ .from_tsc = 2, .cr3 = 0x4000, .pid = 2, .comm = "sh" },
	{ .from_tsc = 3, .cr3 = 0x4000, .state = TRACE_PROCESS_GONE },
};

static struct source *file_open(void)
{
	const char *why;
	struct source *s = source_open_file(path, &why);

	assert_non_null(s);
	return s;
}

/* All of its events; what next() gave last. */
static int file_finish(struct source *s)
{
	const struct event_header *ev;
	unsigned int cpu;
	int more;

	while ((more = source_next(s, &ev, &cpu)) > 0)
		continue;
	return more;
}

static void what_is_written_is_read_at_once(void **state)
{
	struct maker m = maker_open(path);
	const struct trace_process *p;
	struct source *s;
	size_t count;

	(void)state;
	assert_int_equal(maker_write(&m, 0, 0, 100), 0);
	assert_int_equal(trace_writer_processes(m.w, 0, some, 2), 0);
	assert_int_equal(trace_writer_processes(m.w, 1, some, 1), 0);
	assert_int_equal(trace_writer_processes(m.w, 0, some, 0), 0);
	assert_int_equal(maker_write(&m, 0, 100, 200), 0);
	assert_int_equal(trace_writer_processes(m.w, 0, some + 2, 1), 0);
	assert_int_equal(trace_writer_processes(m.w, 2, some, 1), -EINVAL);
	assert_int_equal(maker_finish(&m), 0);
	maker_close(&m);
	s = file_open();
	p = source_processes(s, 0, &count);
	assert_int_equal(count, 3);
	assert_memory_equal(p, some, sizeof(some));
	source_processes(s, 1, &count);
	assert_int_equal(count, 1);
	assert_null(source_processes(s, 2, &count));
	assert_null(source_processes(s, ANCHOR_VMS_MAX, &count));
	assert_int_equal(count, 0);
	assert_int_equal(file_finish(s), 0);
	assert_non_null(source_end(s));
	source_close(s);
}

static void a_trace_holds_so_many_and_no_more(void **state)
{
	struct trace_process *many = calloc(TRACE_PROCESSES_MAX, PROCESS_BYTES);
	struct maker m = maker_open(path);
	const struct trace_process *p;
	struct source *s;
	size_t count;

	(void)state;
	assert_int_equal(trace_writer_processes(m.w, 0, many,
						TRACE_PROCESSES_MAX - 1), 0);
	/* since the earliest of those that are not kept */
	many[0].from_tsc = 777;
	many[1].from_tsc = 555;
	assert_int_equal(trace_writer_processes(m.w, 0, many, 2), -E2BIG);
	assert_int_equal(trace_writer_processes(m.w, 0, many, 1), -E2BIG);
	assert_int_equal(trace_writer_processes(m.w, 1, many, 1), 0);
	assert_int_equal(maker_finish(&m), 0);
	maker_close(&m);
	free(many);
	s = file_open();
	p = source_processes(s, 0, &count);
	assert_int_equal(count, TRACE_PROCESSES_MAX);
	assert_int_equal(p[count - 1].state, TRACE_PROCESS_UNWATCHED);
	assert_int_equal(p[count - 1].from_tsc, 555);
	assert_int_equal(file_finish(s), 0);
	source_close(s);
}

/* A whole chunk of three processes, then one that is wrong. */
static void check_damage(struct trace_chunk head, const void *stored,
			 const char *fault)
{
	struct trace_chunk good = {
		.kind = TRACE_CHUNK_PROCESSES, .stored_bytes = sizeof(some),
		.raw_bytes = sizeof(some),
	};
	struct maker m = maker_open(path);
	const struct trace_damage *damage;
	struct source *s;
	size_t count;

	maker_close(&m);
	assert_int_equal(maker_chunk(path, good, some), 0);
	head.kind = TRACE_CHUNK_PROCESSES;
	head.raw_bytes = head.stored_bytes;
	assert_int_equal(maker_chunk(path, head, stored), 0);
	assert_int_equal(maker_chunk(path, good, some), 0);
	s = file_open();
	/* on both sides of the damage all is good */
	source_processes(s, 0, &count);
	assert_int_equal(count, 6);
	assert_int_equal(file_finish(s), 0);
	damage = source_damage(s, &count);
	assert_int_equal(count, 1);
	assert_non_null(strstr(damage->why, fault));
	source_close(s);
}

static void what_cannot_be_is_damage(void **state)
{
	struct trace_process *many = calloc(TRACE_PROCESSES_MAX, PROCESS_BYTES);

	(void)state;
	check_damage((struct trace_chunk){
		.vm = ANCHOR_VMS_MAX, .stored_bytes = PROCESS_BYTES },
		some, "an impossible VM");
	check_damage((struct trace_chunk){ .stored_bytes = PROCESS_BYTES - 1 },
		     some, "part of a process");
	check_damage((struct trace_chunk){
		.stored_bytes = TRACE_PROCESSES_MAX * PROCESS_BYTES },
		many, "more processes");
	free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_at_once),
		cmocka_unit_test(a_trace_holds_so_many_and_no_more),
		cmocka_unit_test(what_cannot_be_is_damage),
	};

	return cmocka_run_group_tests_name("trace_processes", tests, dir_make,
					   dir_remove);
}
