/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies the guest's console from its file to a descriptor.
 */
#include "machine/console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define POLL_MS 50
#define COPY_BYTES 65536

struct console {
	pthread_t thread;
	int from_fd, to_fd, stop_fd;
	off_t at;
	char buffer[COPY_BYTES];
};

static bool write_all(int fd, const char *from, size_t bytes)
{
	while (bytes) {
		ssize_t n = write(fd, from, bytes);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd room = { .fd = fd, .events = POLLOUT };

			poll(&room, 1, -1);
			continue;
		}
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			from += n;
			bytes -= (size_t)n;
		}
	}
	return true;
}

/* false: whoever read it is gone. */
static bool copy_new(struct console *c)
{
	ssize_t n;

	while ((n = pread(c->from_fd, c->buffer, COPY_BYTES, c->at)) > 0) {
		if (!write_all(c->to_fd, c->buffer, (size_t)n))
			return false;
		/* only to save memory: it may fail */
		fallocate(c->from_fd, FALLOC_FL_PUNCH_HOLE |
			  FALLOC_FL_KEEP_SIZE, c->at, n);
		c->at += n;
	}
	return true;
}

static void *console_run(void *arg)
{
	struct console *c = arg;
	struct pollfd stop = { .fd = c->stop_fd, .events = POLLIN };

	while (copy_new(c))
		if (poll(&stop, 1, POLL_MS) > 0) {
			copy_new(c);
			break;
		}
	return NULL;
}

/* Signals are for the thread that started the machine. */
static int thread_start(struct console *c)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&c->thread, NULL, console_run, c);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err;
}

static void console_free(struct console *c)
{
	if (c->from_fd >= 0)
		close(c->from_fd);
	if (c->stop_fd >= 0)
		close(c->stop_fd);
	free(c);
}

struct console *console_start(int dir_fd, int to_fd)
{
	struct console *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return NULL;
	c->to_fd = to_fd;
	c->from_fd = openat(dir_fd, "console",
			    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	c->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (c->from_fd < 0 || c->stop_fd < 0)
		err = errno;
	else
		err = thread_start(c);
	if (!err)
		return c;
	console_free(c);
	errno = err;
	return NULL;
}

void console_stop(struct console *c)
{
	const uint64_t one = 1;

	if (!c)
		return;
	/* cannot block: the counter is 0 */
	if (write(c->stop_fd, &one, sizeof(one)) == sizeof(one))
		pthread_join(c->thread, NULL);
	console_free(c);
}
