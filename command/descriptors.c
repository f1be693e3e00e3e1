/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills closed standard descriptors with /dev/null, opened the wrong way
 * round: input for writing, output for reading.
 */
#include "command/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void descriptors_fill(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* open() returns the lowest number that is free: this one */
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
							   O_RDONLY) != fd)
			abort();
	}
}
