/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime directory: one private directory for each machine, and a lock
 * in it that lives exactly as long as the starter.
 *
 *   RUN		locked while directories come, go or are listed
 *   RUN/NAME/lock	locked by the starter; free: the machine is dead
 *   RUN/NAME/...	what the other files of this room put there
 *
 * Locks are flock(2)s on descriptors that close on exec: the machine's
 * process never inherits one.
 */
#ifndef MACHINE_RUNDIR_H
#define MACHINE_RUNDIR_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/message.h"

#define RUNDIR_NAME_BYTES 32

struct rundir {
	char name[RUNDIR_NAME_BYTES];
	char path[512];
	int fd;			/* of the machine's directory; -1: none */
	int lock_fd;
	bool owner;		/* lock held by us */
};

#define RUNDIR_NONE { .fd = -1, .lock_fd = -1 }

/* Clears dead machines away, makes a directory and locks it. name may be
 * NULL: the first free of m0, m1, ... */
int rundir_create(struct rundir *d, const char *name, struct message *msg);
/* An existing one whose starter lives; name may be NULL if there is one. */
int rundir_attach(struct rundir *d, const char *name, struct message *msg);
/* Does the starter still hold the lock? For attached directories. */
bool rundir_alive(const struct rundir *d);
/* Closes; an owner's directory is removed with all that is in it. */
void rundir_close(struct rundir *d);

/* Names of live machines, sorted; clears dead ones away. Caller frees. */
int rundir_list(char ***names, size_t *count, struct message *msg);

#endif
