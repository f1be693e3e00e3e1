/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child process that never outlives the thread that started it.
 */
#include "machine/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GENTLE_MS 2000
#define EXEC_FAILED 127

static int child_redirect(int output_fd)
{
	int null = open("/dev/null", O_RDONLY);

	if (null < 0 || dup2(output_fd, 1) < 0 || dup2(output_fd, 2) < 0 ||
	    dup2(null, 0) < 0)
		return -1;
	if (null > 2)
		close(null);
	return 0;
}

/* Only async-signal-safe calls: the parent may have threads. */
static void child_run(const struct process_setup *setup, pid_t parent,
		      int report_fd)
{
	sigset_t none;
	int err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* a parent that died before this call would never be noticed */
	if (prctl(PR_SET_PDEATHSIG, setup->death_signal) ||
	    getppid() != parent)
		_exit(EXEC_FAILED);
	if (!setpgid(0, 0) && !child_redirect(setup->output_fd) &&
	    (setup->dir_fd == AT_FDCWD || !fchdir(setup->dir_fd)))
		execvp(setup->argv[0], setup->argv);
	err = errno;
	if (write(report_fd, &err, sizeof(err)) != sizeof(err))
		_exit(EXEC_FAILED);
	_exit(EXEC_FAILED);
}

int process_start(struct process *p, const struct process_setup *setup)
{
	pid_t parent = getpid();
	int report[2], err = 0;
	ssize_t got;

	*p = (struct process){ 0 };
	if (pipe2(report, O_CLOEXEC))
		return -errno;
	p->pid = fork();
	if (!p->pid)
		child_run(setup, parent, report[1]);
	if (p->pid < 0)
		err = errno;
	close(report[1]);
	/* exec closes the pipe: nothing in it means that it worked */
	while (!err && (got = read(report[0], &err, sizeof(err))) < 0 &&
	       errno == EINTR)
		;
	close(report[0]);
	if (err && p->pid > 0)
		waitpid(p->pid, NULL, 0);
	if (err)
		p->pid = 0;
	return -err;
}

bool process_running(struct process *p)
{
	if (p->pid <= 0 || p->ended)
		return false;
	if (waitpid(p->pid, &p->status, WNOHANG) == p->pid)
		p->ended = true;
	return !p->ended;
}

void process_end(struct process *p)
{
	const struct timespec pause = { .tv_nsec = 2000000 };

	if (process_running(p))
		kill(p->pid, SIGTERM);
	for (int ms = 0; ms < GENTLE_MS && process_running(p); ms += 2)
		nanosleep(&pause, NULL);
	if (!process_running(p))
		return;
	kill(p->pid, SIGKILL);
	while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR)
		;
	p->ended = true;
}
