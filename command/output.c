/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a command's result goes. main() looks after stdout's own errors.
 */
#include "command/output.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "command/command.h"

bool output_is_stdout(const char *path)
{
	return !path || !strcmp(path, "-");
}

const char *output_name(const char *path)
{
	return output_is_stdout(path) ? "standard output" : path;
}

const char *input_name(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

FILE *output_open(const char *path)
{
	FILE *to = output_is_stdout(path) ? stdout : fopen(path, "w");

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

	if (output_is_stdout(path))
		return 0;
	failed = ferror(to);
	if (!fclose(to) && !failed)
		return 0;
	err = errno ? -errno : -EIO;
	cmd_error("cannot write %s: %m", path);
	return err;
}
