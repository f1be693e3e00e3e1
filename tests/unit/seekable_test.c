/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traces through pipes: what is read is what was written, however it comes.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "tests/source_next.h"
#include "tests/unit/trace_maker.h"
#include "tests/unit/trace_path.h"
#include "tracer/file/seekable.h"

#define RECORDS	9000

/* Counts both CPUs; *cut says whether it was cut. */
static unsigned int records_read(bool *cut)
{
	const struct event_header *ev;
	unsigned int cpu, n = 0;
	const char *why;
	uint64_t at;
	struct source *s = source_open_file(path, &why);

	assert_non_null(s);
	while (source_next(s, &ev, &cpu) == 1)
		n++;
	*cut = source_was_cut(s, &at);
	source_close(s);
	return n;
}

static char *trace_load(size_t *bytes)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	char *text;

	assert_int_equal(fstat(fd, &st), 0);
	*bytes = (size_t)st.st_size;
	text = malloc(*bytes);
	assert_int_equal(read(fd, text, *bytes), *bytes);
	close(fd);
	return text;
}

/* Writes it into the pipe at path, in pieces of no power of two, and ends. */
static pid_t pipe_feed(const char *text, size_t bytes)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = open(path, O_WRONLY);
	while (bytes) {
		size_t piece = bytes < 777 ? bytes : 777;

		if (write(fd, text, piece) != (ssize_t)piece)
			_exit(1);
		text += piece;
		bytes -= piece;
	}
	_exit(0);
}

static void a_pipe_reads_as_a_file(void **state)
{
	size_t bytes;
	char *text;

	(void)state;
	assert_int_equal(maker_small(path, RECORDS), 0);
	text = trace_load(&bytes);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	for (int torn = 0; torn < 2; torn++) {
		pid_t pid = pipe_feed(text, bytes - 20 * torn);
		int status;
		bool cut;

		assert_int_equal(records_read(&cut), 2 * RECORDS);
		assert_int_equal(cut, torn);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
	free(text);
	unlink(path);
}

static void a_copy_needs_space(void **state)
{
	const char *why = NULL;
	pid_t pid;
	int fd;

	(void)state;
	/* no directory of that name: /tmp serves */
	setenv("TMPDIR", "/nowhere", 1);
	assert_int_equal(mkfifo(path, 0600), 0);
	pid = pipe_feed("hello", 5);
	fd = seekable_open(path, &why);
	assert_true(fd >= 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), 5);
	close(fd);
	waitpid(pid, NULL, 0);
	unlink(path);
	unsetenv("TMPDIR");
	assert_int_equal(seekable_open("/dev/null", &why), -EINVAL);
	assert_non_null(strstr(why, "neither a file nor a pipe"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_reads_as_a_file),
		cmocka_unit_test(a_copy_needs_space),
	};

	return cmocka_run_group_tests_name("seekable", tests, dir_make,
					   dir_remove);
}
