/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a command's result goes. main() looks after stdout's own errors.
 */
#include "command/output.h"

#include <errno.h>
#include <signal.h>

#include "command/command.h"

FILE *output_open(const char *path)
{
	FILE *to = path ? fopen(path, "w") : stdout;

	/* whoever reads our pipe may stop: that ends us without a word, also
	 * where our parent ignored the signal */
	signal(SIGPIPE, SIG_DFL);
	if (!to)
		cmd_error("cannot create %s: %m", path);
	return to;
}

int output_close(FILE *to, const char *path)
{
	int failed, err;

	if (!path)
		return 0;
	failed = ferror(to);
	if (!fclose(to) && !failed)
		return 0;
	err = errno ? -errno : -EIO;
	cmd_error("cannot write %s: %m", path);
	return err;
}
