/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of vmprof. One command is one file, cmd_NAME.c, and one row of
 * the table in main.c.
 */
#ifndef VMPROF_CMD_H
#define VMPROF_CMD_H

#include "command/command.h"

int cmd_record(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_script(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_import(int argc, char **argv);

#endif
