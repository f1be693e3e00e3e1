/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime directory: names, locks, the dead cleared away, and refusal of
 * what others could look into.
 */
#include "machine/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct message msg;

static void list_is(const char *expected)
{
	char joined[256] = "";
	char **names;
	size_t count;

	assert_int_equal(rundir_list(&names, &count, &msg), 0);
	for (size_t i = 0; i < count; i++) {
		strcat(joined, names[i]);
		strcat(joined, " ");
		free(names[i]);
	}
	free(names);
	assert_string_equal(joined, expected);
}

static void test_names(void **state)
{
	static const char *const bad[] = { "", ".", "..", ".x", "a/b", "a b",
		"x,y", "01234567890123456789012345678901" };
	struct rundir a, b, c;

	(void)state;
	assert_int_equal(rundir_create(&a, NULL, &msg), 0);
	assert_int_equal(rundir_create(&b, "mine", &msg), 0);
	assert_int_equal(rundir_create(&c, NULL, &msg), 0);
	assert_string_equal(a.name, "m0");
	assert_string_equal(c.name, "m1");
	list_is("m0 m1 mine ");
	rundir_close(&a);
	list_is("m1 mine ");
	assert_int_equal(rundir_create(&a, "mine", &msg), -EEXIST);
	rundir_close(&a);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(rundir_create(&a, bad[i], &msg), -EINVAL);
		rundir_close(&a);
		assert_int_equal(rundir_attach(&a, bad[i], &msg), -ENOENT);
		rundir_close(&a);
	}
	list_is("m1 mine ");
	rundir_close(&b);
	rundir_close(&c);
	list_is("");
}

static void test_attach(void **state)
{
	struct rundir a, b, other;

	(void)state;
	assert_int_equal(rundir_attach(&other, NULL, &msg), -ENOENT);
	assert_int_equal(rundir_create(&a, NULL, &msg), 0);
	assert_int_equal(rundir_attach(&other, NULL, &msg), 0);
	assert_string_equal(other.name, "m0");
	assert_true(rundir_alive(&other));
	assert_int_equal(rundir_create(&b, NULL, &msg), 0);
	rundir_close(&other);
	list_is("m0 m1 ");
	assert_int_equal(rundir_attach(&other, NULL, &msg), -EINVAL);
	assert_non_null(strstr(msg.text, "m0"));
	assert_int_equal(rundir_attach(&other, "m1", &msg), 0);
	rundir_close(&b);
	assert_false(rundir_alive(&other));
	rundir_close(&other);
	rundir_close(&a);
	list_is("");
}

static void test_dead_starter(void **state)
{
	struct rundir d;
	int ready[2];
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		if (rundir_create(&d, "dead", &msg) ||
		    openat(d.fd, "ram", O_CREAT | O_WRONLY, 0600) < 0 ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	list_is("dead ");
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	list_is("");
	assert_int_equal(access("run/dead", F_OK), -1);
	close(ready[0]);
	close(ready[1]);
}

/* Many at once: each gets a directory of its own. */
static void test_race(void **state)
{
	enum { MANY = 8 };
	struct rundir d;
	int go[2], status;

	(void)state;
	assert_int_equal(pipe(go), 0);
	for (int i = 0; i < MANY; i++)
		if (!fork()) {
			char byte;

			close(go[1]);
			if (read(go[0], &byte, 1) < 0)
				_exit(2);
			for (int round = 0; round < 50; round++) {
				if (rundir_create(&d, NULL, &msg) ||
				    mkdirat(d.fd, "alone", 0700) ||
				    unlinkat(d.fd, "alone", AT_REMOVEDIR))
					_exit(1);
				rundir_close(&d);
			}
			_exit(0);
		}
	close(go[0]);
	close(go[1]);
	for (int i = 0; i < MANY; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	list_is("");
}

static void test_privacy(void **state)
{
	struct rundir d;

	(void)state;
	assert_int_equal(mkdir("open", 0755), 0);
	setenv("VMPROF_RUNDIR", "open", 1);
	assert_int_equal(rundir_create(&d, NULL, &msg), -EPERM);
	assert_non_null(strstr(msg.text, "mode 755"));
	rundir_close(&d);
	assert_int_equal(rmdir("open"), 0);
	assert_int_equal(symlink("run", "link"), 0);
	setenv("VMPROF_RUNDIR", "link", 1);
	assert_int_not_equal(rundir_create(&d, NULL, &msg), 0);
	rundir_close(&d);
	assert_int_equal(unlink("link"), 0);
	setenv("VMPROF_RUNDIR", "no/such/dir", 1);
	assert_int_equal(rundir_create(&d, NULL, &msg), -ENOENT);
	assert_non_null(strstr(msg.text, "no/such/dir"));
	rundir_close(&d);
	setenv("VMPROF_RUNDIR", "run", 1);
}

static int dir_enter(void **state)
{
	static char dir[] = "/tmp/rundir_test.XXXXXX";

	*state = mkdtemp(dir);
	if (!*state || chdir(dir))
		return -1;
	return setenv("VMPROF_RUNDIR", "run", 1);
}

static int dir_leave(void **state)
{
	rmdir("run");
	return rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_attach),
		cmocka_unit_test(test_dead_starter),
		cmocka_unit_test(test_race),
		cmocka_unit_test(test_privacy),
	};

	return cmocka_run_group_tests(tests, dir_enter, dir_leave);
}
