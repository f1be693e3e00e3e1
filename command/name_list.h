/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "a, b, c": the valid names, for the message about one that is not.
 */
#ifndef COMMAND_NAME_LIST_H
#define COMMAND_NAME_LIST_H

#include <stdio.h>
#include <string.h>

#define NAME_LIST_BYTES 1024

/* Starts as "". Names that do not fit are left out. */
static inline void name_list_add(char list[NAME_LIST_BYTES], const char *name)
{
	size_t used = strlen(list);

	snprintf(list + used, NAME_LIST_BYTES - used, "%s%s",
		 used ? ", " : "", name);
}

#endif
