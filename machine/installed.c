/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the programs' own files are: beside bin/, or in lib/vmprof.
 */
#include "machine/installed.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int installed_take(char *found, size_t bytes, const char *path)
{
	char *real;

	if (access(path, R_OK))
		return -errno;
	real = realpath(path, NULL);
	if (!real)
		return -errno;
	snprintf(found, bytes, "%s", real);
	free(real);
	return strlen(found) + 1 < bytes ? 0 : -ENAMETOOLONG;
}

int installed_find(char *found, size_t bytes, const char *name)
{
	static const char *const places[] = { "..", "../lib/vmprof" };
	char self[PATH_MAX], path[PATH_MAX + 64];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (len < 0)
		return -errno;
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", self, places[i], name);
		if (!installed_take(found, bytes, path))
			return 0;
	}
	return -ENOENT;
}
