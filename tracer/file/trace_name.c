/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The name of a new trace.
 */
#include "tracer/file/trace_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The name may pass to another file while it is being claimed. */
#define TRIES		16
#define KEPT_MAX	9999

/* 0 or -EBUSY. */
static int file_lock(int fd)
{
	struct flock whole = { .l_type = F_WRLCK };

	if (!fcntl(fd, F_OFD_SETLK, &whole))
		return 0;
	return errno == EAGAIN || errno == EACCES ? -EBUSY : 0;
}

bool trace_name_locked(int fd)
{
	struct flock whole = { .l_type = F_RDLCK };

	return !fcntl(fd, F_OFD_GETLK, &whole) && whole.l_type != F_UNLCK;
}

static bool file_empty(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && !st.st_size;
}

static bool name_is(const char *path, int fd)
{
	struct stat open_file, named;

	return !fstat(fd, &open_file) && !stat(path, &named) &&
		open_file.st_ino == named.st_ino &&
		open_file.st_dev == named.st_dev;
}

static int name_open(struct trace_name *n, const char *path)
{
	n->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	n->ours = n->fd >= 0;
	if (n->fd < 0 && errno == EEXIST)
		n->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return n->fd < 0 ? -errno : 0;
}

static void name_close(struct trace_name *n)
{
	if (n->fd >= 0)
		close(n->fd);
	free(n->path);
	*n = (struct trace_name){ .fd = -1 };
}

/* The name of the file itself; as it was given, if that is it. */
static char *link_follow(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISLNK(st.st_mode) ?
		realpath(path, NULL) : strdup(path);
}

/* 0; -EAGAIN: the name is another file's by now. */
static int name_try(struct trace_name *n, const char *path)
{
	struct stat st;
	int err = name_open(n, path);

	if (err)
		return err;
	if (fstat(n->fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return 0;
	err = file_lock(n->fd);
	if (err) {
		/* the one who has it will write into it */
		n->ours = false;
		return err;
	}
	n->path = link_follow(path);
	if (!n->path)
		return errno == ENOENT ? -EAGAIN : -errno;
	return name_is(n->path, n->fd) ? 0 : -EAGAIN;
}

int trace_name_claim(struct trace_name *n, const char *path)
{
	int err = -EAGAIN;

	*n = (struct trace_name){ .fd = -1 };
	for (int i = 0; err == -EAGAIN && i < TRIES; i++) {
		err = name_try(n, path);
		if (err)
			name_close(n);
	}
	return err;
}

/* Gives a file another name, which must be free: -EEXIST. */
static int name_move(const char *from, const char *to)
{
	if (!link(from, to))
		return unlink(from) ? -errno : 0;
	if (errno == EEXIST)
		return -EEXIST;
	/* not every filesystem has hard links */
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) ?
		-errno : 0;
}

static int name_keep(const char *path, char **kept)
{
	int err = -EEXIST;

	for (int i = 1; err == -EEXIST && i <= KEPT_MAX; i++) {
		char number[16] = "";

		free(*kept);
		if (i > 1)
			snprintf(number, sizeof(number), "%d", i);
		if (asprintf(kept, "%s.old%s", path, number) < 0) {
			*kept = NULL;
			return -ENOMEM;
		}
		err = name_move(path, *kept);
	}
	return err;
}

/* A new file under the old name; the old one keeps its lock until then. */
static int name_renew(struct trace_name *n)
{
	int old = n->fd, err;

	n->fd = open(n->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err = n->fd < 0 ? -errno : file_lock(n->fd);
	/* before we had the lock, another may have had it, and have ended */
	if (!err && !(file_empty(n->fd) && name_is(n->path, n->fd)))
		err = -EBUSY;
	n->ours = !err;
	close(old);
	return err == -EEXIST ? -EBUSY : err;
}

int trace_name_begin(struct trace_name *n, char **kept)
{
	int err = 0;

	*kept = NULL;
	if (!n->path || file_empty(n->fd))
		return 0;
	/* it may have been moved by hand, which is as good */
	if (name_is(n->path, n->fd))
		err = name_keep(n->path, kept);
	if (!err)
		return name_renew(n);
	free(*kept);
	*kept = NULL;
	return err;
}

void trace_name_release(struct trace_name *n)
{
	if (n->ours && n->path && file_empty(n->fd) &&
	    name_is(n->path, n->fd))
		unlink(n->path);
	name_close(n);
}
