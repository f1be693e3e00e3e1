/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A QEMU that runs a guest alone, without the core: what the core is compared
 * with. No directory, no RAM file, no anchor; a console and an end.
 */
#ifndef MACHINE_BARE_H
#define MACHINE_BARE_H

#include <stdbool.h>

#include "machine/config.h"
#include "machine/message.h"
#include "machine/process.h"

struct bare {
	struct process qemu;
	int log_fd;		/* what QEMU says */
	int console_fd;		/* the caller's */
	struct message msg;
};

/* config and kvm as for qemu_bare_args(); console_fd is a file. 0 or a negative errno
 * with a sentence in b->msg; bare_close() either way. */
int bare_start(struct bare *b, const struct machine_config *config, bool kvm);
/* false: it has ended by itself. */
bool bare_running(struct bare *b);
/* Once it has ended: 0, if the guest ran and wished it so, as guest_stop()
 * does; else -EIO and a sentence. */
int bare_result(struct bare *b);
/* Ends it, if it has not. */
void bare_close(struct bare *b);

#endif
