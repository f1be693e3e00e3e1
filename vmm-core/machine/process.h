/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child process that never outlives the thread that started it.
 */
#ifndef VMM_CORE_MACHINE_PROCESS_H
#define VMM_CORE_MACHINE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct process {
	pid_t pid;	/* 0: none was started */
	bool ended;
	int status;	/* as wait(2) has it, once ended */
};

/*
 * argv[0] is looked for in PATH. Runs in dir_fd, in a process group of its
 * own (a terminal's Ctrl-C is for us), without input, its messages in the
 * file `output` there. Negative errno, that of exec included.
 */
int process_start(struct process *p, char **argv, int dir_fd,
		  const char *output);
/* Still there? Reaps it otherwise. */
bool process_running(struct process *p);
/* Ends it, gently first, and reaps it. */
void process_end(struct process *p);

#endif
