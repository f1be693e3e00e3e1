/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A look at a guest's kernel and initrd before a machine is started for
 * them: what can be said at once should not take a boot to find out. The
 * core checks again.
 */
#ifndef MACHINE_GUEST_IMAGE_H
#define MACHINE_GUEST_IMAGE_H

#include <stdint.h>

#include "machine/message.h"

struct guest_files {
	uint64_t kernel_bytes;
	uint64_t initrd_bytes;	/* 0: none */
	/* guest RAM the kernel needs until it manages memory itself */
	uint64_t kernel_needs;
};

/* initrd may be NULL. */
int guest_files_check(struct guest_files *files, const char *kernel,
		      const char *initrd, uint64_t guest_bytes,
		      struct message *msg);

#endif
