/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines for the program that started a command.
 */
#include "command/status.h"

#include <stdio.h>

#define VALUE_BYTES 4096

static int status_fd = -1;

void status_open(int fd)
{
	status_fd = fd;
}

void status_vsay(const char *key, const char *fmt, va_list args)
{
	char value[VALUE_BYTES];

	if (status_fd < 0)
		return;
	vsnprintf(value, sizeof(value), fmt, args);
	for (char *c = value; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	/* a starter that does not listen is its own fault */
	dprintf(status_fd, "%s=%s\n", key, value);
}

void status_say(const char *key, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	status_vsay(key, fmt, args);
	va_end(args);
}
