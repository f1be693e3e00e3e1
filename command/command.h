/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame of every program: a table of subcommands and the choice among
 * them, exit statuses and messages.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <stddef.h>

struct cmd {
	const char *name;
	/* argv[0] is "PROGRAM NAME", for messages; returns an exit status */
	int (*fn)(int argc, char **argv);
	const char *help;
};

enum cmd_status {
	CMD_DONE = 0,
	CMD_ERROR = 1,		/* stderr says what, where and what to do */
	CMD_USAGE = 2,
	CMD_REGRESSION = 3,	/* check, compare and run --against only */
};

/*
 * The first call of a program, before it opens anything: makes sure that 0, 1
 * and 2 are taken (command/descriptors.h).
 */
void cmd_begin(void);
/*
 * Returns the status to leave with: `status`; or CMD_ERROR, after having told
 * the user, where the output did not reach its file.
 */
int cmd_end(int status);

/* A program that is a table of commands. */
struct cmd_program {
	const char *name;
	const char *purpose;	/* a sentence, for --help */
	const struct cmd *cmds;
	size_t count;
};

/*
 * All of main(): runs the command that argv[1] names, by its whole name or
 * the beginning of one only.
 */
int cmd_main(const struct cmd_program *program, int argc, char **argv);

/* "PROGRAM: message" and a newline, on stderr. */
void cmd_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
