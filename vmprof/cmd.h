/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the commands of vmprof share: the row of the table in main.c, exit
 * statuses, option parsing and messages. One command is one file,
 * cmd_NAME.c, and one row.
 */
#ifndef VMPROF_CMD_H
#define VMPROF_CMD_H

#include <argp.h>

struct cmd {
	const char *name;
	/* argv[0] is "vmprof NAME", for messages; returns an exit status */
	int (*fn)(int argc, char **argv);
	const char *help;
};

enum cmd_status {
	CMD_DONE = 0,
	CMD_ERROR = 1,		/* stderr says what, where and what to do */
	CMD_USAGE = 2,
	CMD_REGRESSION = 3,	/* check and compare only */
};

int cmd_record(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_script(int argc, char **argv);
int cmd_info(int argc, char **argv);

/*
 * argp_parse() with our manners: --help ends the program with 0, and what
 * does not parse is followed by the valid options. 0 or CMD_USAGE. A parser
 * calls argp_error() and returns EINVAL for a bad value.
 */
int cmd_parse(const struct argp *argp, int argc, char **argv, void *input);

/* "vmprof: message" and a newline, on stderr. */
void cmd_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
