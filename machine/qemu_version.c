/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which QEMU it is, asked of itself.
 */
#include "machine/qemu_version.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "machine/process.h"

#define ANSWER_MS	5000
#define POLL_NS		1000000
#define FIXED_MAJOR	8

/* Until it ends by itself, which takes some ms, or for too long. */
static void process_await(struct process *p)
{
	const struct timespec pause = { .tv_nsec = POLL_NS };

	for (int ms = 0; ms < ANSWER_MS && process_running(p); ms++)
		nanosleep(&pause, NULL);
	process_end(p);
}

int qemu_version_line(const char *program, char *line, size_t bytes)
{
	char *argv[] = { (char *)program, (char *)"--version", NULL };
	struct process_setup setup = {
		.argv = argv, .dir_fd = AT_FDCWD, .death_signal = SIGKILL,
		.output_fd = memfd_create("qemu-version", MFD_CLOEXEC),
	};
	struct process qemu;
	ssize_t n = -1;
	int err;

	line[0] = '\0';
	if (setup.output_fd < 0)
		return -errno;
	err = process_start(&qemu, &setup);
	if (!err) {
		process_await(&qemu);
		n = pread(setup.output_fd, line, bytes - 1, 0);
	}
	close(setup.output_fd);
	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return err ? err : *line ? 0 : -EIO;
}

bool qemu_version_loses_flags(const char *line)
{
	static const char words[] = "QEMU emulator version ";

	return strncmp(line, words, sizeof(words) - 1) ||
	       strtoul(line + sizeof(words) - 1, NULL, 10) < FIXED_MAJOR;
}
