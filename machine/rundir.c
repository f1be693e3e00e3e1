/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime directory and its locks.
 */
#include "machine/rundir.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define AUTO_NAMES 1000

struct run {
	char path[400];
	int fd;
};

static bool name_valid(const char *name)
{
	size_t bytes = strlen(name);

	if (!bytes || bytes >= RUNDIR_NAME_BYTES || name[0] == '.')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-", *name))
			return false;
	return true;
}

static int run_path(char *path, size_t bytes)
{
	const char *run = getenv("VMPROF_RUNDIR");
	const char *xdg = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	int n;

	/* sudo may leave us the directory of another user */
	if (run && *run)
		n = snprintf(path, bytes, "%s", run);
	else if (xdg && *xdg && !stat(xdg, &st) && st.st_uid == geteuid())
		n = snprintf(path, bytes, "%s/vmprof", xdg);
	else
		n = snprintf(path, bytes, "/dev/shm/vmprof-%u", geteuid());
	return n < (int)bytes ? 0 : -ENAMETOOLONG;
}

/* The files there are as secret as the guest's memory. */
static int dir_check_private(int fd, const char *path, struct message *msg)
{
	struct stat st;

	if (fstat(fd, &st))
		return message_set(msg, -errno, "cannot look at %s: %m",
				   path);
	if (st.st_uid != geteuid())
		return message_set(msg, -EPERM,
				   "cannot use %s: it belongs to user %u, "
				   "not to user %u; remove it or set "
				   "VMPROF_RUNDIR",
				   path, st.st_uid, geteuid());
	if (st.st_mode & 077)
		return message_set(msg, -EPERM,
				   "cannot use %s: other users can open it "
				   "(mode %03o); chmod 700 it or set "
				   "VMPROF_RUNDIR",
				   path, st.st_mode & 0777);
	return 0;
}

/* Opens the runtime directory and waits for its lock: to close unlocks. */
static int run_open(struct run *run, struct message *msg)
{
	int err;

	err = run_path(run->path, sizeof(run->path));
	if (err)
		return message_set(msg, err, "cannot use the runtime "
				   "directory: its name is too long; set VMPROF_RUNDIR to a "
				   "shorter one");
	if (mkdir(run->path, 0700) && errno != EEXIST)
		return message_set(msg, -errno, "cannot make %s: %m; set "
				   "VMPROF_RUNDIR to a directory of yours",
				   run->path);
	run->fd = open(run->path,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (run->fd < 0)
		return message_set(msg, -errno, "cannot open %s: %m",
				   run->path);
	err = dir_check_private(run->fd, run->path, msg);
	while (!err && flock(run->fd, LOCK_EX))
		if (errno != EINTR)
			err = message_set(msg, -errno, "cannot lock %s: %m",
					  run->path);
	if (err)
		close(run->fd);
	return err;
}

static int machine_dir_open(const struct run *run, const char *name)
{
	return openat(run->fd, name,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* One level: nothing in this room makes directories inside. */
static void machine_dir_remove(int run_fd, int dir_fd, const char *name)
{
	int copy = dup(dir_fd);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (dir) {
		rewinddir(dir);
		while ((entry = readdir(dir)))
			if (strcmp(entry->d_name, ".") &&
			    strcmp(entry->d_name, ".."))
				unlinkat(dir_fd, entry->d_name, 0);
		closedir(dir);
	} else if (copy >= 0) {
		close(copy);
	}
	unlinkat(run_fd, name, AT_REMOVEDIR);
}

/* Is the lock of the machine in dir_fd held? The run lock must be ours. */
static bool machine_dir_alive(int dir_fd)
{
	int fd = openat(dir_fd, "lock", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool alive;

	if (fd < 0)
		return false;
	alive = flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	close(fd);
	return alive;
}

/* true if name is a live machine; a dead one's directory goes away. */
static bool run_check(const struct run *run, const char *name)
{
	int fd = machine_dir_open(run, name);
	bool alive;

	if (fd < 0)
		return false;
	alive = machine_dir_alive(fd);
	if (!alive)
		machine_dir_remove(run->fd, fd, name);
	close(fd);
	return alive;
}

static int name_compare(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

static void names_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static int run_names(const struct run *run, char ***names, size_t *count)
{
	int copy = dup(run->fd);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	char **grown;

	*names = NULL;
	*count = 0;
	if (!dir) {
		if (copy >= 0)
			close(copy);
		return -errno;
	}
	rewinddir(dir);
	while ((entry = readdir(dir))) {
		if (!name_valid(entry->d_name) ||
		    !run_check(run, entry->d_name))
			continue;
		grown = realloc(*names, (*count + 1) * sizeof(**names));
		if (grown)
			*names = grown;
		if (!grown || !((*names)[*count] = strdup(entry->d_name))) {
			closedir(dir);
			names_free(*names, *count);
			return -ENOMEM;
		}
		(*count)++;
	}
	closedir(dir);
	if (*count)
		qsort(*names, *count, sizeof(**names), name_compare);
	return 0;
}

int rundir_list(char ***names, size_t *count, struct message *msg)
{
	struct run run;
	int err = run_open(&run, msg);

	if (err)
		return err;
	err = run_names(&run, names, count);
	close(run.fd);
	return err ? message_set(msg, err, "cannot list %s: %s", run.path,
				 strerror(-err)) : 0;
}

static int name_choose(struct rundir *d, const char *name,
		       const struct run *run, struct message *msg)
{
	if (name) {
		snprintf(d->name, sizeof(d->name), "%s", name);
		if (!mkdirat(run->fd, name, 0700))
			return 0;
		if (errno == EEXIST)
			return message_set(msg, -EEXIST,
					   "cannot start machine %s: one of "
					   "this name is running; give another "
					   "name", name);
		return message_set(msg, -errno, "cannot make %s/%s: %m",
				   run->path, name);
	}
	for (int i = 0; i < AUTO_NAMES; i++) {
		snprintf(d->name, sizeof(d->name), "m%d", i);
		if (!mkdirat(run->fd, d->name, 0700))
			return 0;
		if (errno != EEXIST)
			return message_set(msg, -errno, "cannot make %s/%s: %m",
					   run->path, d->name);
	}
	return message_set(msg, -EEXIST, "cannot name the machine: %s has "
			   "no free name left; give one", run->path);
}

static int rundir_lock(struct rundir *d, const struct run *run,
		       struct message *msg)
{
	snprintf(d->path, sizeof(d->path), "%s/%s", run->path, d->name);
	d->fd = machine_dir_open(run, d->name);
	if (d->fd >= 0)
		d->lock_fd = openat(d->fd, "lock",
				    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
				    0600);
	if (d->lock_fd < 0 || flock(d->lock_fd, LOCK_EX | LOCK_NB))
		return message_set(msg, -errno, "cannot lock %s/lock: %m",
				   d->path);
	d->owner = true;
	return 0;
}

int rundir_create(struct rundir *d, const char *name, struct message *msg)
{
	struct run run;
	char **names;
	size_t count;
	int err;

	*d = (struct rundir)RUNDIR_NONE;
	if (name && !name_valid(name))
		return message_set(msg, -EINVAL,
				   "cannot name a machine '%s'; give 1 to "
				   "%d letters, digits, '.', '_' or '-'",
				   name, RUNDIR_NAME_BYTES - 1);
	err = run_open(&run, msg);
	if (err)
		return err;
	err = run_names(&run, &names, &count);
	if (err) {
		message_set(msg, err, "cannot list %s: %s", run.path,
			    strerror(-err));
		goto out;
	}
	names_free(names, count);
	err = name_choose(d, name, &run, msg);
	if (!err)
		err = rundir_lock(d, &run, msg);
out:
	close(run.fd);
	return err;
}

static int name_only(struct rundir *d, const struct run *run,
		     struct message *msg)
{
	char **names;
	size_t count;
	int err = run_names(run, &names, &count);

	if (err)
		return message_set(msg, err, "cannot list %s: %s", run->path,
				   strerror(-err));
	if (!count)
		err = message_set(msg, -ENOENT, "no machine is running (none "
				  "in %s)", run->path);
	else if (count > 1)
		err = message_set(msg, -EINVAL, "%zu machines are running, "
				  "from %s to %s: name one", count, names[0],
				  names[count - 1]);
	else
		snprintf(d->name, sizeof(d->name), "%s", names[0]);
	names_free(names, count);
	return err;
}

int rundir_attach(struct rundir *d, const char *name, struct message *msg)
{
	struct run run;
	int err;

	*d = (struct rundir)RUNDIR_NONE;
	err = run_open(&run, msg);
	if (err)
		return err;
	if (!name)
		err = name_only(d, &run, msg);
	else if (!name_valid(name) || !run_check(&run, name))
		err = message_set(msg, -ENOENT, "no machine named %s is "
				  "running (none in %s)", name, run.path);
	else
		snprintf(d->name, sizeof(d->name), "%s", name);
	if (err)
		goto out;
	snprintf(d->path, sizeof(d->path), "%s/%s", run.path, d->name);
	d->fd = machine_dir_open(&run, d->name);
	if (d->fd >= 0)
		d->lock_fd = openat(d->fd, "lock",
				    O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (d->lock_fd < 0)
		err = message_set(msg, -errno, "cannot open %s: %m", d->path);
out:
	close(run.fd);
	return err;
}

bool rundir_alive(const struct rundir *d)
{
	if (d->owner)
		return true;
	if (!flock(d->lock_fd, LOCK_SH | LOCK_NB)) {
		flock(d->lock_fd, LOCK_UN);
		return false;
	}
	return errno == EWOULDBLOCK;
}

void rundir_close(struct rundir *d)
{
	struct message ignored;
	struct run run;

	if (d->owner && !run_open(&run, &ignored)) {
		machine_dir_remove(run.fd, d->fd, d->name);
		close(run.fd);
	}
	if (d->lock_fd >= 0)
		close(d->lock_fd);
	if (d->fd >= 0)
		close(d->fd);
	*d = (struct rundir)RUNDIR_NONE;
}
