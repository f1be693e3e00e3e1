/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Child processes: what they see, how they end, and that they never outlive
 * who started them.
 */
#include "machine/process.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_MS 20000

static int dir_fd;

static void sleep_ms(long ms)
{
	const struct timespec t = { .tv_sec = ms / 1000,
				    .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static struct process start_argv(char **argv, int result)
{
	struct process_setup setup = {
		.argv = argv, .dir_fd = dir_fd, .death_signal = SIGKILL,
		.output_fd = openat(dir_fd, "out", O_WRONLY | O_CREAT |
				    O_TRUNC | O_CLOEXEC, 0600),
	};
	struct process p;

	assert_true(setup.output_fd >= 0);
	assert_int_equal(process_start(&p, &setup), result);
	close(setup.output_fd);
	return p;
}

static struct process start(const char *shell)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)shell, NULL };

	return start_argv(argv, 0);
}

static void end_of_itself(struct process *p)
{
	for (int ms = 0; process_running(p) && ms < WAIT_MS; ms += 5)
		sleep_ms(5);
	assert_true(p->ended);
}

static void output_is(const char *expected)
{
	char text[256];
	int fd = openat(dir_fd, "out", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	assert_true(n >= 0);
	text[n] = '\0';
	assert_string_equal(text, expected);
}

static void test_surroundings(void **state)
{
	char expected[4200];
	struct process p = start("pwd -P; cat; echo said >&2; "
				 "read -r a b c d pgrp e < /proc/$$/stat; "
				 "[ $pgrp = $$ ] && exit 7");

	end_of_itself(&p);
	assert_true(WIFEXITED(p.status));
	assert_int_equal(WEXITSTATUS(p.status), 7);
	snprintf(expected, sizeof(expected), "%s\nsaid\n", (char *)*state);
	output_is(expected);
	process_end(&p);
}

static void test_no_program(void **state)
{
	char *argv[] = { (char *)"no-such-program-anywhere", NULL };
	struct process p = start_argv(argv, -ENOENT);

	(void)state;
	assert_false(process_running(&p));
	process_end(&p);
}

static void test_end(void **state)
{
	struct process p = start("sleep 1000");

	(void)state;
	assert_true(process_running(&p));
	process_end(&p);
	assert_false(process_running(&p));
	assert_int_equal(WTERMSIG(p.status), SIGTERM);
	/* one that does not listen */
	p = start("trap '' TERM; echo ready; while :; do sleep 1; done");
	sleep_ms(300);
	process_end(&p);
	assert_int_equal(WTERMSIG(p.status), SIGKILL);
}

static void test_dies_with_starter(void **state)
{
	struct process p;
	pid_t starter, pid = 0;
	int told[2];

	(void)state;
	assert_int_equal(pipe(told), 0);
	starter = fork();
	if (!starter) {
		p = start("exec sleep 1000");
		if (write(told[1], &p.pid, sizeof(p.pid)) != sizeof(p.pid))
			_exit(1);
		pause();
	}
	assert_int_equal(read(told[0], &pid, sizeof(pid)), sizeof(pid));
	assert_int_equal(kill(pid, 0), 0);
	kill(starter, SIGKILL);
	waitpid(starter, NULL, 0);
	for (int ms = 0; ms < WAIT_MS && !kill(pid, 0); ms += 5) {
		char path[64], stat[256] = "";
		FILE *f;

		/* nobody here may reap it: a zombie is dead enough */
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		f = fopen(path, "r");
		if (!f || !fgets(stat, sizeof(stat), f) ||
		    strstr(stat, ") Z")) {
			if (f)
				fclose(f);
			close(told[0]);
			close(told[1]);
			return;
		}
		fclose(f);
		sleep_ms(5);
	}
	assert_int_not_equal(kill(pid, 0), 0);
	close(told[0]);
	close(told[1]);
}

static int dir_enter(void **state)
{
	static char dir[] = "/tmp/process_test.XXXXXX";

	*state = mkdtemp(dir);
	dir_fd = *state ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	return dir_fd < 0;
}

static int dir_leave(void **state)
{
	unlinkat(dir_fd, "out", 0);
	close(dir_fd);
	return rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_surroundings),
		cmocka_unit_test(test_no_program),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_dies_with_starter),
	};

	return cmocka_run_group_tests(tests, dir_enter, dir_leave);
}
