/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command line as text.
 */
#include "vmprof/command_text.h"

#include <stdio.h>
#include <string.h>

void command_text(char *command, size_t bytes, int argc, char **argv)
{
	size_t at = 0;

	command[0] = '\0';
	for (int i = 0; i < argc && at < bytes; i++) {
		const char *quote = strpbrk(argv[i], " \t\n'\"\\$*?;&|<>()") &&
				    i ? "'" : "";

		at += (size_t)snprintf(command + at, bytes - at, "%s%s%s%s",
				       i ? " " : "", quote, argv[i], quote);
	}
}
