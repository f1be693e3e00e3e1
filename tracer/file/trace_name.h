/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The name of a new trace, claimed by a lock before anything is recorded: a
 * recording neither touches one that goes on nor one that was made before.
 *
 * The lock belongs to the open file (an OFD lock, fcntl(2)), so it goes with
 * the process however that ends, and readers see by it that a trace is still
 * being written. A filesystem without locks has names only: even there no
 * recording is lost, as none is written over.
 */
#ifndef TRACER_FILE_TRACE_NAME_H
#define TRACER_FILE_TRACE_NAME_H

#include <stdbool.h>

struct trace_name {
	char *path;	/* symbolic links followed; NULL: not a regular file */
	int fd;		/* open for writing; -1: none */
	bool ours;	/* we made the file */
};

/*
 * Opens and locks the file, and leaves what is in it. 0, -EBUSY if another
 * recording writes into it, or what open(2) gives. A file that is not regular
 * (a pipe, a device) is only opened.
 */
int trace_name_claim(struct trace_name *n, const char *path);
/*
 * Makes the file empty: an earlier recording keeps its data under the first
 * free name of PATH.old, PATH.old2, ... *kept is that name, which the caller
 * frees, or NULL. 0, -EBUSY if another took the name at that moment, or
 * another negative errno.
 */
int trace_name_begin(struct trace_name *n, char **kept);
/* Closes the file; an empty one that we made goes away. Zeroed with fd -1:
 * nothing to do. */
void trace_name_release(struct trace_name *n);
/* Whether a recording writes into this file, by its lock. */
bool trace_name_locked(int fd);

#endif
