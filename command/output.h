/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a command's result goes: stdout, or the file of -o.
 */
#ifndef COMMAND_OUTPUT_H
#define COMMAND_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

/* NULL or "-". */
bool output_is_stdout(const char *path);
/* For messages: the path, or what "-" stands for. */
const char *output_name(const char *path);
const char *input_name(const char *path);
/* path NULL or "-": stdout. NULL after having told the user why. */
FILE *output_open(const char *path);
/* 0, or a negative errno after having told the user that not all was written. */
int output_close(FILE *to, const char *path);

#endif
