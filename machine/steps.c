/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plugin's files in a machine's directory: ranges in, steps out.
 */
#include "machine/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/config.h"
#include "machine/installed.h"

#define PLUGIN_NAME "vmprof-steps.so"

static bool qemu_takes_plugins(void)
{
	FILE *f = popen(QEMU_PROGRAM " -help 2> /dev/null", "re");
	char line[512];
	bool found = false;

	/* all of it, or QEMU would find a closed pipe */
	while (f && fgets(line, sizeof(line), f))
		found |= !strncmp(line, "-plugin ", 8);
	if (f)
		pclose(f);
	return found;
}

const char *steps_impossible(void)
{
	char path[PATH_MAX];

	if (installed_find(path, sizeof(path), PLUGIN_NAME))
		return PLUGIN_NAME " is not where it belongs, beside bin/ or "
		       "in lib/vmprof";
	return qemu_takes_plugins() ? NULL :
	       "this " QEMU_PROGRAM " takes no plugins";
}

static bool write_whole(int fd, const void *from, size_t bytes)
{
	const char *at = from;

	while (bytes) {
		ssize_t n = write(fd, at, bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		bytes -= (size_t)n;
	}
	return true;
}

int steps_prepare(int dir_fd, const struct step_range *range, size_t count,
		  struct message *msg)
{
	char path[PATH_MAX];
	int err, fd;

	err = installed_find(path, sizeof(path), PLUGIN_NAME);
	if (err)
		return message_set(msg, err, "cannot find " PLUGIN_NAME
				   " beside bin/ or in lib/vmprof; build it");
	fd = openat(dir_fd, "ranges", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || !write_whole(fd, range, count * sizeof(*range)) ||
	    symlinkat(path, dir_fd, "steps.so"))
		err = message_set(msg, -errno, "cannot write in the machine's "
				  "directory: %m");
	if (fd >= 0)
		close(fd);
	return err;
}

bool steps_taken(int dir_fd)
{
	return !faccessat(dir_fd, "steps", F_OK, 0);
}

int steps_map(struct steps *s, int dir_fd)
{
	int fd = openat(dir_fd, "steps", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	void *map;
	int err = 0;

	*s = (struct steps){ 0 };
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		err = -errno;
		goto out_close;
	}
	s->count = (size_t)st.st_size / sizeof(*s->run);
	if (!s->count)
		goto out_close;
	map = mmap(NULL, s->count * sizeof(*s->run), PROT_READ, MAP_PRIVATE,
		   fd, 0);
	if (map == MAP_FAILED) {
		err = -errno;
		s->count = 0;
	} else {
		s->run = map;
	}
out_close:
	close(fd);
	return err;
}

void steps_unmap(struct steps *s)
{
	if (s->run)
		munmap((void *)s->run, s->count * sizeof(*s->run));
	*s = (struct steps){ 0 };
}
