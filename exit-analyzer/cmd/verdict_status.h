/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exit status that a verdict ends a command with.
 */
#ifndef EXIT_ANALYZER_CMD_VERDICT_STATUS_H
#define EXIT_ANALYZER_CMD_VERDICT_STATUS_H

#include "exit-analyzer/judge/verdict.h"

/* CMD_DONE, CMD_REGRESSION, or CMD_ERROR after having told the user why. */
int verdict_status(const struct verdict *v);

#endif
