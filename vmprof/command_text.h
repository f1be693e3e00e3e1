/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command line as text: a trace says by which command it was made.
 */
#ifndef VMPROF_COMMAND_TEXT_H
#define VMPROF_COMMAND_TEXT_H

#include <stddef.h>

/* As typed, for people to read; cut to so many bytes. */
void command_text(char *command, size_t bytes, int argc, char **argv);

#endif
