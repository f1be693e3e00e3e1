/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that can be read at any place, whatever was named.
 */
#include "tracer/file/seekable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_BYTES 65536

/* Has no name, so it goes away with us. */
static int temporary_open(void)
{
	const char *dir = getenv("TMPDIR");
	char name[] = "/tmp/vmprof.XXXXXX";
	int fd;

	fd = open(dir && *dir ? dir : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC,
		  0600);
	if (fd >= 0)
		return fd;
	/* not every filesystem has files without a name */
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static int write_all(int to, const char *from, size_t bytes)
{
	while (bytes) {
		ssize_t n = write(to, from, bytes);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			from += n;
			bytes -= (size_t)n;
		}
	}
	return 0;
}

static int copy(int from, int to)
{
	char buffer[COPY_BYTES];

	for (;;) {
		ssize_t n = read(from, buffer, sizeof(buffer));
		int err;

		if (!n)
			return 0;
		if (n < 0)
			return -errno;
		err = write_all(to, buffer, (size_t)n);
		if (err)
			return err;
	}
}

/* Takes `from` over, and gives a copy of what it still has. */
static int spool(int from, const char **why)
{
	int to = temporary_open();
	int err = to < 0 ? -errno : copy(from, to);

	close(from);
	if (!err)
		return to;
	if (to >= 0)
		close(to);
	*why = err == -ENOSPC ? "no space to copy it to; TMPDIR may name "
				"another directory" : strerror(-err);
	return err;
}

static int file_open(const char *path)
{
	return strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) :
		fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
}

int seekable_open(const char *path, const char **why)
{
	int fd = file_open(path), err;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		err = -errno;
		*why = strerror(errno);
	} else if (S_ISREG(st.st_mode) && !lseek(fd, 0, SEEK_CUR)) {
		return fd;
	} else if (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) ||
		   S_ISSOCK(st.st_mode)) {
		return spool(fd, why);
	} else {
		err = -EINVAL;
		*why = "neither a file nor a pipe";
	}
	if (fd >= 0)
		close(fd);
	return err;
}
