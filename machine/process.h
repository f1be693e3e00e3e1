/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child process that never outlives the thread that started it.
 */
#ifndef MACHINE_PROCESS_H
#define MACHINE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct process {
	pid_t pid;	/* 0: none was started */
	bool ended;
	int status;	/* as wait(2) has it, once ended */
};

struct process_setup {
	char **argv;		/* argv[0] is looked for in PATH */
	int dir_fd;		/* where it runs; AT_FDCWD: where we do */
	int output_fd;		/* for what it says */
	int death_signal;	/* it gets when we die before it */
};

/*
 * In a process group of its own (a terminal's Ctrl-C is for us) and without
 * input. Negative errno, that of exec included.
 */
int process_start(struct process *p, const struct process_setup *setup);
/* Still there? Reaps it otherwise. */
bool process_running(struct process *p);
/* Ends it, gently first, and reaps it. */
void process_end(struct process *p);

#endif
