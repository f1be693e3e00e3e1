/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A result that a command was given by name.
 */
#ifndef EXIT_ANALYZER_CMD_RESULT_LOAD_H
#define EXIT_ANALYZER_CMD_RESULT_LOAD_H

#include "exit-analyzer/result/result.h"

/* CMD_DONE; or CMD_ERROR, having said why. The caller releases either way. */
int result_load(struct result *r, const char *path);

#endif
