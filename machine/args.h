/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A growing argument vector for execve(): no shell ever sees it.
 */
#ifndef MACHINE_ARGS_H
#define MACHINE_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct args {
	char **v;	/* NULL-terminated once anything was added */
	size_t count;
	bool failed;	/* out of memory; later adds do nothing */
};

/* A zeroed struct is an empty vector. */
void args_add(struct args *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void args_free(struct args *a);

#endif
