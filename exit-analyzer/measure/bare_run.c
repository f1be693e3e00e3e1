/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-bench on QEMU alone.
 */
#include "exit-analyzer/measure/bare_run.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "command/clock.h"
#include "machine/bare.h"

#define POLL_NS		2000000

static int bare_wait(struct bare *b, unsigned int timeout_s, char *why)
{
	const struct timespec pause = { .tv_nsec = POLL_NS };
	double end = clock_now_s() + timeout_s;

	while (bare_running(b)) {
		if (clock_now_s() > end) {
			snprintf(why, RUN_WHY_BYTES, "the guest did not end "
				 "within %u s (--timeout)", timeout_s);
			return -ETIMEDOUT;
		}
		if (nanosleep(&pause, NULL)) {
			snprintf(why, RUN_WHY_BYTES, "interrupted");
			return -EINTR;
		}
	}
	return 0;
}

int bare_run(const struct run_options *options, int console_fd,
	     char why[RUN_WHY_BYTES])
{
	struct machine_config config = options->machine;
	struct bare b;
	int err;

	config.console_fd = console_fd;
	config.cpus = BARE_CPUS;
	config.guest_bytes = BARE_GUEST_BYTES;
	err = bare_start(&b, &config, options->bare_kvm);
	if (!err) {
		err = bare_wait(&b, options->timeout_s, why);
		if (err)
			goto out_close;
		err = bare_result(&b);
	}
	if (err)
		snprintf(why, RUN_WHY_BYTES, "%s", b.msg.text);
out_close:
	bare_close(&b);
	return err;
}
