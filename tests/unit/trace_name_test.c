/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of traces: whoever comes second is refused while the first writes,
 * and no file that has something in it is ever lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/file/trace_name.h"

static char dir[] = "/tmp/vmprof_unit_test.XXXXXX";
static char at_start[4096];

static int dir_enter(void **state)
{
	(void)state;
	return getcwd(at_start, sizeof(at_start)) && mkdtemp(dir) &&
		!chdir(dir) ? 0 : -1;
}

static int dir_leave(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return chdir(at_start) || system(command);
}

static int dir_empty(void **state)
{
	(void)state;
	return system("rm -rf ./*");
}

/* Claims, writes the text, and stays claimed. */
static struct trace_name recorded(const char *path, const char *text,
				  const char *want_kept)
{
	struct trace_name n;
	char *kept;

	assert_int_equal(trace_name_claim(&n, path), 0);
	assert_int_equal(trace_name_begin(&n, &kept), 0);
	if (want_kept)
		assert_string_equal(kept, want_kept);
	else
		assert_null(kept);
	free(kept);
	assert_int_equal(write(n.fd, text, strlen(text)), strlen(text));
	return n;
}

static void holds(const char *path, const char *want)
{
	char text[64] = "";
	FILE *f = fopen(path, "r");

	if (!f)
		fail_msg("no %s", path);
	assert_non_null(fgets(text, sizeof(text), f));
	assert_string_equal(text, want);
	fclose(f);
}

static size_t files(void)
{
	FILE *f = popen("ls -A | wc -l", "r");
	size_t n = 0;

	assert_int_equal(fscanf(f, "%zu", &n), 1);
	pclose(f);
	return n;
}

static void the_second_is_refused(void **state)
{
	struct trace_name first, second;
	int fd;

	(void)state;
	first = recorded("t", "one", NULL);
	assert_int_equal(trace_name_claim(&second, "t"), -EBUSY);
	/* nor is it led astray by another way to the same file */
	assert_int_equal(symlink("t", "link"), 0);
	assert_int_equal(trace_name_claim(&second, "link"), -EBUSY);
	assert_int_equal(second.fd, -1);
	fd = open("t", O_RDONLY);
	assert_true(trace_name_locked(fd));
	trace_name_release(&first);
	assert_false(trace_name_locked(fd));
	close(fd);
	holds("t", "one");
	assert_int_equal(files(), 2);
}

static void earlier_ones_are_kept(void **state)
{
	struct trace_name n;

	(void)state;
	n = recorded("t", "one", NULL);
	trace_name_release(&n);
	n = recorded("t", "two", "t.old");
	trace_name_release(&n);
	n = recorded("t", "three", "t.old2");
	trace_name_release(&n);
	/* a gap is filled; what stands behind it is left alone */
	assert_int_equal(unlink("t.old"), 0);
	n = recorded("t", "four", "t.old");
	trace_name_release(&n);
	holds("t", "four");
	holds("t.old", "three");
	holds("t.old2", "two");
	assert_int_equal(files(), 3);
}

/* Even where that is being written at the moment. */
static void a_kept_name_may_be_taken(void **state)
{
	struct trace_name n, other;

	(void)state;
	n = recorded("t", "one", NULL);
	trace_name_release(&n);
	other = recorded("t.old", "other", NULL);
	n = recorded("t", "two", "t.old2");
	assert_int_equal(write(other.fd, "more", 4), 4);
	trace_name_release(&n);
	trace_name_release(&other);
	holds("t", "two");
	holds("t.old", "othermore");
	holds("t.old2", "one");
}

static void a_claim_alone_changes_nothing(void **state)
{
	struct trace_name n;

	(void)state;
	assert_int_equal(trace_name_claim(&n, "t"), 0);
	assert_int_equal(files(), 1);
	trace_name_release(&n);
	assert_int_equal(files(), 0);
	n = recorded("t", "one", NULL);
	trace_name_release(&n);
	assert_int_equal(trace_name_claim(&n, "t"), 0);
	trace_name_release(&n);
	holds("t", "one");
	assert_int_equal(files(), 1);
}

/* vmtop makes an empty file to have its name. */
static void an_empty_file_is_used_and_stays(void **state)
{
	struct trace_name n;
	char *kept;
	int fd = open("t", O_WRONLY | O_CREAT, 0600);
	struct stat before, after;

	(void)state;
	assert_int_equal(fstat(fd, &before), 0);
	assert_int_equal(trace_name_claim(&n, "t"), 0);
	assert_int_equal(trace_name_begin(&n, &kept), 0);
	assert_null(kept);
	assert_int_equal(fstat(n.fd, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	trace_name_release(&n);
	assert_int_equal(files(), 1);
	close(fd);
}

static void links_are_followed(void **state)
{
	struct trace_name n;
	struct stat st;
	char *kept;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(symlink("d/real", "t"), 0);
	n = recorded("t", "one", NULL);
	trace_name_release(&n);
	assert_int_equal(trace_name_claim(&n, "t"), 0);
	assert_int_equal(trace_name_begin(&n, &kept), 0);
	/* beside the file, not beside the link */
	assert_non_null(strstr(kept, "/d/real.old"));
	free(kept);
	assert_int_equal(write(n.fd, "two", 3), 3);
	trace_name_release(&n);
	assert_int_equal(lstat("t", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	holds("d/real", "two");
	holds("d/real.old", "one");
}

static void what_is_no_file_is_only_opened(void **state)
{
	struct trace_name n;
	char *kept;

	(void)state;
	assert_int_equal(trace_name_claim(&n, "/dev/null"), 0);
	assert_int_equal(trace_name_begin(&n, &kept), 0);
	assert_null(kept);
	assert_int_equal(write(n.fd, "x", 1), 1);
	trace_name_release(&n);
	assert_int_equal(trace_name_claim(&n, "none/t"), -ENOENT);
	assert_int_equal(trace_name_claim(&n, "."), -EISDIR);
	assert_int_equal(files(), 0);
	trace_name_release(&n);
}

#define WRITERS	8
#define ROUNDS	40

/* Claims and writes until told to stop; every file it made is its own. */
static void writer_run(unsigned int id)
{
	struct trace_name n;
	char text[32];
	char *kept;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		snprintf(text, sizeof(text), "%u.%u\n", id, round);
		while (trace_name_claim(&n, "t") ||
		       trace_name_begin(&n, &kept)) {
			trace_name_release(&n);
			usleep(100);
		}
		free(kept);
		if (write(n.fd, text, strlen(text)) < 0)
			_exit(1);
		trace_name_release(&n);
	}
	_exit(0);
}

/* Each line that any of them wrote is in one file, and alone there. */
static void nothing_is_lost_among_many(void **state)
{
	bool seen[WRITERS][ROUNDS] = { { false } };
	unsigned int id, round, count = 0;
	pid_t pid[WRITERS];
	FILE *all;

	(void)state;
	for (unsigned int i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		if (!pid[i])
			writer_run(i);
	}
	for (unsigned int i = 0; i < WRITERS; i++) {
		int status;

		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(files(), WRITERS * ROUNDS);
	all = popen("cat t t.old*", "r");
	for (; fscanf(all, "%u.%u\n", &id, &round) == 2; count++) {
		assert_in_range(id, 0, WRITERS - 1);
		assert_in_range(round, 0, ROUNDS - 1);
		assert_false(seen[id][round]);
		seen[id][round] = true;
	}
	pclose(all);
	assert_int_equal(count, WRITERS * ROUNDS);
}

/* A writer that is killed leaves its data and no lock. */
static void a_killed_writer_leaves_no_lock(void **state)
{
	struct trace_name n;
	int ready[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		n = recorded("t", "killed", NULL);
		if (write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(trace_name_claim(&n, "t"), -EBUSY);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	n = recorded("t", "next", "t.old");
	trace_name_release(&n);
	holds("t.old", "killed");
	close(ready[0]);
	close(ready[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, dir_empty)
		TEST(the_second_is_refused),
		TEST(earlier_ones_are_kept),
		TEST(a_kept_name_may_be_taken),
		TEST(a_claim_alone_changes_nothing),
		TEST(an_empty_file_is_used_and_stays),
		TEST(links_are_followed),
		TEST(what_is_no_file_is_only_opened),
		TEST(nothing_is_lost_among_many),
		TEST(a_killed_writer_leaves_no_lock),
#undef TEST
	};

	return cmocka_run_group_tests_name("trace_name", tests, dir_enter,
					   dir_leave);
}
