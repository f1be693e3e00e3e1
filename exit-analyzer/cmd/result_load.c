/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a result for a command, and tells the user what is wrong.
 */
#include "exit-analyzer/cmd/result_load.h"

#include <stdio.h>

#include "command/command.h"
#include "tracer/file/file_kind.h"

#define WHY_BYTES 1024

/* NULL: not a file of a kind that is known. */
static const char *kind_of(const char *path)
{
	char begin[FILE_KIND_BYTES];
	FILE *f = fopen(path, "re");
	size_t bytes = f ? fread(begin, 1, sizeof(begin), f) : 0;

	if (f)
		fclose(f);
	return file_kind_known(begin, bytes);
}

int result_load(struct result *r, const char *path)
{
	char why[WHY_BYTES];
	const char *kind;

	if (!result_read(r, path, why, sizeof(why)))
		return CMD_DONE;
	kind = kind_of(path);
	if (kind)
		cmd_error("cannot read %s as a result: %s", path, kind);
	else
		cmd_error("%s", why);
	return CMD_ERROR;
}
