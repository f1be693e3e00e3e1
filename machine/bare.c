/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A QEMU without the core.
 *
 * Console and messages go to files that have no name, the console's by way of
 * our descriptor in /proc: so nothing can be left behind.
 */
#include "machine/bare.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/args.h"
#include "machine/qemu.h"

/* isa-debug-exit makes this of the 0 of a guest that is content. A QEMU that
 * does not start has it, too, but its guest says nothing. */
#define CONTENT_STATUS 1

int bare_start(struct bare *b, const struct machine_config *config, bool kvm)
{
	struct process_setup setup = {
		.dir_fd = AT_FDCWD,
		.death_signal = SIGKILL,
	};
	struct args args = { 0 };
	char console[64];
	int err;

	*b = (struct bare){
		.log_fd = memfd_create("qemu-log", MFD_CLOEXEC),
		.console_fd = config->console_fd,
	};
	snprintf(console, sizeof(console), "/proc/%d/fd/%d", (int)getpid(),
		 config->console_fd);
	qemu_bare_args(&args, config, console, kvm);
	setup.argv = args.v;
	setup.output_fd = b->log_fd;
	if (b->log_fd < 0 || args.failed)
		err = -ENOMEM;
	else
		err = process_start(&b->qemu, &setup);
	if (err)
		message_set(&b->msg, err, "cannot start %s: %s%s",
			    config->qemu ? config->qemu : QEMU_PROGRAM,
			    strerror(-err), err == -ENOENT ?
			    "; scripts/setup installs it" : "");
	args_free(&args);
	return err;
}

bool bare_running(struct bare *b)
{
	return process_running(&b->qemu);
}

int bare_result(struct bare *b)
{
	int status = b->qemu.status;
	char log[2048];
	ssize_t n;

	if (WIFEXITED(status) && WEXITSTATUS(status) == CONTENT_STATUS &&
	    lseek(b->console_fd, 0, SEEK_END) > 0)
		return 0;
	n = pread(b->log_fd, log, sizeof(log) - 1, 0);
	log[n > 0 ? n : 0] = '\0';
	if (WIFSIGNALED(status))
		return message_set(&b->msg, -EIO, "cannot run the guest: signal "
				   "%d ended QEMU: %s", WTERMSIG(status), log);
	return message_set(&b->msg, -EIO, "cannot run the guest: QEMU ended "
			   "with status %d: %s",
			   WEXITSTATUS(status), log);
}

void bare_close(struct bare *b)
{
	process_end(&b->qemu);
	if (b->log_fd >= 0)
		close(b->log_fd);
	b->log_fd = -1;
}
