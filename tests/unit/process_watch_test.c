/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The changes of a made guest's processes from look to look.
 */
#include "tracer/guest/process_watch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/made_guest.h"
#include "tracer/guest/guest_kernel.h"

struct made {
	struct fixture f;
	struct process_list list;
	struct process_watch w;
};

static int group_open(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	struct fixture *f = &made->f;
	struct guest_kernel *k;
	const char *why;

	guest_open(f);
	k = guest_kernel_open(&f->m, &f->p, &why);
	*state = made;
	if (!k || guest_kernel_processes(k, &made->list, &why))
		return -1;
	guest_kernel_close(k);
	return 0;
}

static int group_close(void **state)
{
	struct made *made = *state;

	guest_close(&made->f);
	free(made);
	return 0;
}

static int watch_open(void **state)
{
	struct made *made = *state;

	memcpy(made->f.ram, made->f.pristine, RAM_BYTES);
	made->w = (struct process_watch){
		.list = made->list, .open = true, .tsc_khz = 2000000,
	};
	return 0;
}

static int watch_close(void **state)
{
	struct made *made = *state;

	process_watch_close(&made->w);
	return 0;
}

/* The only change of a look at `tsc`. */
static const struct trace_process *one_change(struct made *made, uint64_t tsc)
{
	assert_int_equal(process_watch_look(&made->w, tsc), 0);
	assert_int_equal(made->w.changes, 1);
	return made->w.change;
}

static void check_change(const struct trace_process *c, uint64_t from_tsc,
			 uint64_t cr3, uint32_t pid, const char *comm)
{
	assert_int_equal(c->from_tsc, from_tsc);
	assert_int_equal(c->cr3, cr3);
	assert_int_equal(c->pid, pid);
	assert_string_equal(c->comm, comm);
	assert_int_equal(c->state, comm[0] ? TRACE_PROCESS_SEEN :
					     TRACE_PROCESS_GONE);
}

/* Process 1 started at 3 us, 2 when the look was, 3 in the future. */
static void first_look_has_all_since_they_started(void **state)
{
	struct made *made = *state;
	const struct trace_process *c;

	module_put_u64(&made->f, task_gva(0) + STARTED, 3000, 8);
	module_put_u64(&made->f, task_gva(1) + STARTED, 4000, 8);
	module_put_u64(&made->f, task_gva(2) + STARTED, ~0ull, 8);
	assert_int_equal(process_watch_look(&made->w, 8000), 0);
	assert_int_equal(made->w.changes, PROCESSES);
	c = made->w.change;
	check_change(&c[0], 0, KERNEL_CR3, 0, "[kernel]");
	check_change(&c[1], 8000, task_cr3(2), 3, "process 3");
	check_change(&c[2], 8000, task_cr3(1), 2, "process 2");
	check_change(&c[3], 6000, task_cr3(0), 1, "process 1");
}

static void what_is_the_same_is_no_change(void **state)
{
	struct made *made = *state;

	assert_int_equal(process_watch_look(&made->w, 100), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(process_watch_look(&made->w, 200), 0);
		assert_int_equal(made->w.changes, 0);
	}
}

static void who_comes_is_there_since_the_look_before(void **state)
{
	struct made *made = *state;
	uint64_t mm = task_gva(3) + MM_TABLES;

	assert_int_equal(process_watch_look(&made->w, 100), 0);
	assert_int_equal(process_watch_look(&made->w, 200), 0);
	module_put_u64(&made->f, task_gva(3) + MM, mm, 8);
	check_change(one_change(made, 300), 200, task_cr3(3), 4, "process 4");
}

static void who_goes_is_gone_since_this_look(void **state)
{
	struct made *made = *state;

	assert_int_equal(process_watch_look(&made->w, 100), 0);
	module_put_u64(&made->f, task_gva(1) + MM, 0, 8);
	check_change(one_change(made, 200), 200, task_cr3(1), 0, "");
	assert_int_equal(process_watch_look(&made->w, 300), 0);
	assert_int_equal(made->w.changes, 0);
	/* and the tables' next owner since the look that showed them free */
	module_put_u64(&made->f, task_gva(1) + MM, task_gva(1) + MM_TABLES, 8);
	module_put_u64(&made->f, task_gva(1) + TGID, 77, 4);
	check_change(one_change(made, 400), 300, task_cr3(1), 77, "process 2");
}

static void another_owner_or_name_is_one_change(void **state)
{
	struct made *made = *state;

	assert_int_equal(process_watch_look(&made->w, 100), 0);
	module_put(&made->f, task_gva(1) + COMM, "new name", 9);
	check_change(one_change(made, 200), 200, task_cr3(1), 2, "new name");
	module_put_u64(&made->f, task_gva(1) + TGID, 50, 4);
	check_change(one_change(made, 300), 300, task_cr3(1), 50, "new name");
}

/* From a list that was cut follows who is there, and not who is gone. */
static void cut_list_ends_nobody(void **state)
{
	struct made *made = *state;
	uint64_t mm = task_gva(3) + MM_TABLES;

	assert_int_equal(process_watch_look(&made->w, 100), 0);
	module_put_u64(&made->f, task_gva(0) + TASKS, 0, 8);
	module_put(&made->f, task_gva(0) + COMM, "first", 6);
	check_change(one_change(made, 200), 200, task_cr3(0), 1, "first");
	/* whole again, and one more */
	module_put_u64(&made->f, task_gva(0) + TASKS, task_gva(1) + TASKS, 8);
	module_put_u64(&made->f, task_gva(3) + MM, mm, 8);
	check_change(one_change(made, 300), 200, task_cr3(3), 4, "process 4");
	module_put_u64(&made->f, task_gva(2) + MM, 0, 8);
	check_change(one_change(made, 400), 400, task_cr3(2), 0, "");
}

/* A list that stays cut, as of a guest with too many tasks: who is never seen
 * again does not own the tables for ever. */
static void nobody_is_kept_for_ever(void **state)
{
	struct made *made = *state;
	unsigned int looks;

	assert_int_equal(process_watch_look(&made->w, 100), 0);
	module_put_u64(&made->f, task_gva(0) + TASKS, 0, 8);
	for (looks = 0; looks < 100; looks++) {
		assert_int_equal(process_watch_look(&made->w, 200 + looks), 0);
		if (made->w.changes)
			break;
	}
	assert_in_range(looks, 2, 50);
	assert_int_equal(made->w.changes, 2);
	check_change(&made->w.change[0], 200 + looks, task_cr3(2), 0, "");
	check_change(&made->w.change[1], 200 + looks, task_cr3(1), 0, "");
	/* seen again, they are there again */
	module_put_u64(&made->f, task_gva(0) + TASKS, task_gva(1) + TASKS, 8);
	assert_int_equal(process_watch_look(&made->w, 400), 0);
	assert_int_equal(made->w.changes, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, watch_open, watch_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_look_has_all_since_they_started),
		TEST(what_is_the_same_is_no_change),
		TEST(who_comes_is_there_since_the_look_before),
		TEST(who_goes_is_gone_since_this_look),
		TEST(another_owner_or_name_is_one_change),
		TEST(cut_list_ends_nobody),
		TEST(nobody_is_kept_for_ever),
	};

	return cmocka_run_group_tests(tests, group_open, group_close);
}
