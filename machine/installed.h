/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that belong to the programs: where `make` or `make install` put them,
 * seen from the running program, so that either tree can be moved.
 */
#ifndef MACHINE_INSTALLED_H
#define MACHINE_INSTALLED_H

#include <stddef.h>

/* The absolute path of a file of this name. 0, or -ENOENT or another
 * negative errno. */
int installed_find(char *found, size_t bytes, const char *name);
/* Takes a path if it can be read, and makes it absolute. */
int installed_take(char *found, size_t bytes, const char *path);

#endif
