/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A growing argument vector.
 */
#include "machine/args.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void args_add(struct args *a, const char *fmt, ...)
{
	char **grown;
	va_list list;
	int bytes;

	if (a->failed)
		return;
	grown = realloc(a->v, (a->count + 2) * sizeof(*a->v));
	if (!grown) {
		a->failed = true;
		return;
	}
	a->v = grown;
	va_start(list, fmt);
	bytes = vasprintf(&a->v[a->count], fmt, list);
	va_end(list);
	if (bytes < 0)
		a->failed = true;
	else
		a->count++;
	a->v[a->count] = NULL;
}

void args_free(struct args *a)
{
	for (size_t i = 0; i < a->count; i++)
		free(a->v[i]);
	free(a->v);
	*a = (struct args){ 0 };
}
