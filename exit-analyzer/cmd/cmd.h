/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of exit-analyzer. One command is one file, cmd_NAME.c, and one
 * row of the table in main.c.
 */
#ifndef EXIT_ANALYZER_CMD_CMD_H
#define EXIT_ANALYZER_CMD_CMD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "command/command.h"

int cmd_run(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_bless(int argc, char **argv);
int cmd_history(int argc, char **argv);
int cmd_list(int argc, char **argv);

#endif
