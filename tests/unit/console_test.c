/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's console, copied while its file grows.
 */
#include "machine/console.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int dir_fd;

static void test_follows(void **state)
{
	char text[64] = "";
	struct console *c;
	int pipe_fd[2], fd;

	(void)state;
	assert_int_equal(pipe(pipe_fd), 0);
	c = console_start(dir_fd, pipe_fd[1]);
	assert_non_null(c);
	fd = openat(dir_fd, "console", O_WRONLY);
	assert_int_equal(write(fd, "hello ", 6), 6);
	assert_int_equal(read(pipe_fd[0], text, sizeof(text)), 6);
	assert_string_equal(text, "hello ");
	/* what comes last is not lost */
	assert_int_equal(write(fd, "world", 5), 5);
	console_stop(c);
	close(pipe_fd[1]);
	memset(text, 0, sizeof(text));
	assert_int_equal(read(pipe_fd[0], text, sizeof(text)), 5);
	assert_string_equal(text, "world");
	close(pipe_fd[0]);
	close(fd);
}

static void test_nobody_reads(void **state)
{
	struct console *c;
	int pipe_fd[2], fd;

	(void)state;
	assert_int_equal(pipe(pipe_fd), 0);
	close(pipe_fd[0]);
	c = console_start(dir_fd, pipe_fd[1]);
	fd = openat(dir_fd, "console", O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "lost", 4), 4);
	/* neither a signal nor a hang */
	console_stop(c);
	close(pipe_fd[1]);
	close(fd);
}

static int dir_enter(void **state)
{
	static char dir[] = "/tmp/console_test.XXXXXX";

	*state = mkdtemp(dir);
	dir_fd = *state ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	return dir_fd < 0;
}

static int dir_leave(void **state)
{
	unlinkat(dir_fd, "console", 0);
	close(dir_fd);
	return rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_follows),
		cmocka_unit_test(test_nobody_reads),
	};

	return cmocka_run_group_tests(tests, dir_enter, dir_leave);
}
