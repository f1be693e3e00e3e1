/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a test keeps its trace: a directory of its own, for as long as the
 * test's group runs.
 */
#ifndef TESTS_UNIT_TRACE_PATH_H
#define TESTS_UNIT_TRACE_PATH_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/vmprof_unit_test.XXXXXX";
static char path[sizeof(dir) + 16];

static inline int dir_make(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/t.data", dir);
	return 0;
}

static inline int dir_remove(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

#endif
