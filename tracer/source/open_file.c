/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells by its first bytes which program made a file, and opens it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tracer/file/seekable.h"
#include "tracer/source/file_source.h"
#include "tracer/source/source.h"

#define MAGIC_BYTES 8

static const struct kind {
	const char *magic;
	size_t bytes;
	struct source *(*open)(int fd, const char **why);
} kinds[] = {
	{ "PERFILE2", 8, perf_source_open },
	/* its first record says which CPU's the next are */
	{ "\x03\xf0\x01\x20", 4, xen_source_open },
};

struct source *source_open_file(const char *path, const char **why)
{
	char begin[MAGIC_BYTES];
	int fd = seekable_open(path, why);
	ssize_t bytes;

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	bytes = pread(fd, begin, sizeof(begin), 0);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes >= (ssize_t)kinds[i].bytes &&
		    !memcmp(begin, kinds[i].magic, kinds[i].bytes))
			return kinds[i].open(fd, why);
	/* which says what else it is, too */
	return file_source_open(fd, why);
}
