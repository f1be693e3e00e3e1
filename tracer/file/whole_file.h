/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file as a whole in memory, so that nobody can change it meanwhile.
 */
#ifndef TRACER_FILE_WHOLE_FILE_H
#define TRACER_FILE_WHOLE_FILE_H

#include <stddef.h>

struct whole_file {
	char *at;		/* freed by free() */
	size_t bytes;
};

/* 0 or a negative errno, and *why. The descriptor stays the caller's. */
int whole_file_read(struct whole_file *f, int fd, const char **why);

#endif
