/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes of a made guest, as they are, and after their list and all
 * that it leads to were damaged.
 */
#include "tracer/guest/processes.h"

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

static int guest_mend(void **state)
{
	struct made *made = *state;

	memcpy(made->f.ram, made->f.pristine, RAM_BYTES);
	return 0;
}

/* Checks what holds, whatever the guest did: sorted, each once, fit to print. */
static void check_sound(const struct guest_process *p, size_t count)
{
	assert_true(count <= GUEST_PROCESSES_MAX + 1);
	for (size_t i = 0; i < count; i++) {
		size_t bytes = strnlen(p[i].comm, GUEST_COMM_BYTES);

		assert_true(bytes < GUEST_COMM_BYTES);
		for (size_t c = 0; c < bytes; c++)
			assert_in_range(p[i].comm[c], ' ', '~');
		assert_int_equal(p[i].cr3 & ~GUEST_CR3_TABLE, 0);
		assert_true(!i || p[i - 1].cr3 < p[i].cr3);
		assert_true(p[i].pid || p[i].cr3 == KERNEL_CR3);
	}
}

/* Reads, expects err, and that pids (0-terminated) and no others are there. */
static void check_pids(struct made *made, int err, const uint32_t *pids)
{
	struct guest_process *p;
	size_t count, wanted = 0;

	assert_int_equal(processes_read(&made->list, &p, &count), err);
	check_sound(p, count);
	for (; pids[wanted]; wanted++) {
		size_t i = 0;

		while (i < count && p[i].pid != pids[wanted])
			i++;
		assert_true(i < count);
	}
	assert_int_equal(count, wanted + 1);	/* the kernel's own */
	free(p);
}

static const uint32_t all[] = { 1, 2, 3, 0 };

static void processes_are_read(void **state)
{
	struct made *made = *state;
	struct guest_process *p;
	size_t count;

	assert_int_equal(processes_read(&made->list, &p, &count), 0);
	assert_int_equal(count, PROCESSES);
	check_sound(p, count);
	assert_int_equal(p[0].cr3, KERNEL_CR3);
	assert_string_equal(p[0].comm, "[kernel]");
	/* they lie in RAM the other way round; the fourth is a thread */
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(p[3 - i].cr3, task_cr3(i));
		assert_int_equal(p[3 - i].pid, i + 1);
	}
	assert_string_equal(p[3].comm, "process 1");
	free(p);
}

static void an_address_space_has_one_process(void **state)
{
	struct made *made = *state;

	/* as while a vfork lasts: the child comes later, its pid may not */
	module_put_u64(&made->f, task_gva(1) + MM, task_gva(0) + MM_TABLES, 8);
	check_pids(made, 0, (const uint32_t[]){ 1, 3, 0 });
	module_put_u64(&made->f, task_gva(0) + TGID, 9, 4);
	check_pids(made, 0, (const uint32_t[]){ 2, 3, 0 });
}

static void nobody_takes_the_kernel_s_tables(void **state)
{
	struct made *made = *state;

	module_put_u64(&made->f, task_gva(0) + MM_TABLES + PGD, TOP_TABLE, 8);
	check_pids(made, 0, (const uint32_t[]){ 2, 3, 0 });
	module_put_u64(&made->f, task_gva(0) + TGID, 0, 4);
	check_pids(made, 0, (const uint32_t[]){ 2, 3, 0 });
}

static void damaged_process_is_left_out(void **state)
{
	static const uint32_t others[] = { 1, 3, 0 };
	struct made *made = *state;
	const struct { uint64_t gva, value; } damage[] = {
		{ task_gva(1) + MM, 0 },
		{ task_gva(1) + MM, 0x1000 },
		{ task_gva(1) + MM, ~0ull },
		{ task_gva(1) + TGID, 0 },
		{ task_gva(1) + MM_TABLES + PGD, 0 },
		{ task_gva(1) + MM_TABLES + PGD, PGDS_GVA + 8 },
		{ task_gva(1) + MM_TABLES + PGD, 1ull << 62 },
	};

	for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		module_put_u64(&made->f, damage[i].gva, damage[i].value, 8);
		check_pids(made, 0, others);
		guest_mend(state);
	}
	check_pids(made, 0, all);
}

static void names_are_made_fit_to_print(void **state)
{
	struct made *made = *state;
	struct guest_process *p;
	size_t count;

	module_put(&made->f, task_gva(0) + COMM, "\033[2J\n\xff 12345678901", 16);
	assert_int_equal(processes_read(&made->list, &p, &count), 0);
	assert_string_equal(p[3].comm, "?[2J?? 12345678");
	free(p);
}

static void list_without_end_is_cut(void **state)
{
	struct made *made = *state;
	uint64_t last = task_gva(PROCESSES - 1) + TASKS;
	uint64_t head = INIT_TASK + TASKS;

	/* the last leads to itself, to another, to nowhere */
	module_put_u64(&made->f, last, last, 8);
	check_pids(made, -EAGAIN, all);
	for (unsigned int i = 0; i < PROCESSES - 1; i++) {
		module_put_u64(&made->f, last, task_gva(i) + TASKS, 8);
		check_pids(made, -EAGAIN, all);
	}
	module_put_u64(&made->f, last, 0, 8);
	check_pids(made, -EAGAIN, all);
	module_put_u64(&made->f, last, ~0ull - 3, 8);
	check_pids(made, -EAGAIN, all);
	memset(image_at(&made->f, head), 0xff, 8);
	check_pids(made, -EAGAIN, (const uint32_t[]){ 0 });
	memcpy(image_at(&made->f, head), &head, 8);
	check_pids(made, 0, (const uint32_t[]){ 0 });
}

/* More tasks than any list is followed for, one behind the other. */
static void huge_list_is_cut(void **state)
{
	struct made *made = *state;
	uint64_t from = MODULES_GVA, to = MODULES_GVA + MODULES_BYTES - 16;

	for (uint64_t at = from; at < to; at += 16)
		module_put_u64(&made->f, at, at + 16, 8);
	module_put_u64(&made->f, to, INIT_TASK + TASKS, 8);
	memcpy(image_at(&made->f, INIT_TASK + TASKS), &from, 8);
	assert_true((to - from) / 16 > GUEST_PROCESSES_MAX);
	check_pids(made, -EAGAIN, (const uint32_t[]){ 0 });
}

static void what_the_kernel_lacks_is_said(void **state)
{
	struct made *made = *state;
	struct process_list list;
	const char *why;
	struct guest_kernel *k;
	uint8_t *btf = image_at(&made->f, BTF);
	char *name = memmem(btf, made->f.btf_bytes, "tgid", 5);

	k = guest_kernel_open(&made->f.m, &made->f.p, &why);
	assert_non_null(k);
	name[0] = 'T';
	assert_int_equal(guest_kernel_processes(k, &list, &why), -ENOENT);
	assert_non_null(strstr(why, "does not describe"));
	btf[0] = 0;
	assert_int_equal(guest_kernel_processes(k, &list, &why), -ENOENT);
	guest_kernel_close(k);
	/* __stop_BTF where __start_BTF is: a kernel built without */
	guest_mend(state);
	made->f.btf_bytes = 0;
	make_kallsyms(&made->f, &layouts[5]);
	k = guest_kernel_open(&made->f.m, &made->f.p, &why);
	assert_non_null(k);
	assert_int_equal(guest_kernel_processes(k, &list, &why), -ENOENT);
	assert_string_equal(why, "its kernel has no BTF");
	guest_kernel_close(k);
	make_btf(&made->f);
	guest_mend(state);
}

/* Bits anywhere in what is read, offsets of members included. */
static void noise_does_no_harm(void **state)
{
	struct made *made = *state;
	unsigned int seed = 23, whole = 0, rounds = 20000;

	for (unsigned int round = 0; round < rounds; round++) {
		struct process_list list = made->list;
		struct guest_process *p;
		size_t count;

		for (int n = 1 + rand_r(&seed) % 4; n; n--) {
			uint64_t task = task_gva(rand_r(&seed) % PROCESSES);
			uint64_t at = task + rand_r(&seed) % (MM_TABLES + 64);

			module_put_u64(&made->f, at, rand_r(&seed), 1);
		}
		if (round % 4 == 0)
			((uint32_t *)&list.layout)[rand_r(&seed) % 5] ^=
				1u << rand_r(&seed) % 32;
		whole += !processes_read(&list, &p, &count);
		check_sound(p, count);
		free(p);
		if (round % 8 == 0)
			make_processes(&made->f);
	}
	/* or it would have tested less than it says */
	assert_in_range(whole, rounds / 10, rounds - 1);
}

#define TEST(f) cmocka_unit_test_setup(f, guest_mend)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(processes_are_read),
		TEST(an_address_space_has_one_process),
		TEST(nobody_takes_the_kernel_s_tables),
		TEST(damaged_process_is_left_out),
		TEST(names_are_made_fit_to_print),
		TEST(list_without_end_is_cut),
		TEST(huge_list_is_cut),
		TEST(what_the_kernel_lacks_is_said),
		TEST(noise_does_no_harm),
	};

	return cmocka_run_group_tests(tests, group_open, group_close);
}
