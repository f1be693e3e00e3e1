/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the commands of exit-analyzer share: the row of the table in main.c,
 * exit statuses, option parsing and messages. One command is one file,
 * cmd_NAME.c, and one row. (vmprof's own cmd.c does the same for a room that
 * may not be included from here.)
 */
#ifndef EXIT_ANALYZER_CMD_H
#define EXIT_ANALYZER_CMD_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct cmd {
	const char *name;
	/* argv[0] is "exit-analyzer NAME"; returns an exit status */
	int (*fn)(int argc, char **argv);
	const char *help;
};

enum cmd_status {
	CMD_DONE = 0,
	CMD_ERROR = 1,		/* stderr says what, where and what to do */
	CMD_USAGE = 2,
	CMD_REGRESSION = 3,
};

int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_bless(int argc, char **argv);
int cmd_history(int argc, char **argv);
int cmd_list(int argc, char **argv);

/* argp_parse(), with --help ending the program with 0. 0 or CMD_USAGE. */
int cmd_parse(const struct argp *argp, int argc, char **argv, void *input);
/* "exit-analyzer: message" and a newline, on stderr. */
void cmd_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Whole values only; false otherwise. */
bool cmd_number(const char *text, uint64_t min, uint64_t max, uint64_t *value);
/* "3", "2.5" or "3%", not negative */
bool cmd_percent(const char *text, double *value);
/* "64", "64M", "1G"; bytes */
bool cmd_size(const char *text, uint64_t *bytes);

#endif
