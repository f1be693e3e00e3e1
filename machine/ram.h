/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine's RAM: a file shared with QEMU, mapped here read-only so that
 * an offset in the mapping is a physical address, above 4 GiB too.
 *
 * In the file, RAM is one piece. In the machine it has the PCI hole in the
 * middle; the mapping shows zeroes there.
 */
#ifndef MACHINE_RAM_H
#define MACHINE_RAM_H

#include <stddef.h>
#include <stdint.h>

#include "machine/message.h"

struct ram {
	const uint8_t *base;	/* NULL: not mapped */
	size_t span;		/* of the mapping, the hole included */
	uint64_t below_4g;	/* bytes of RAM from 0 on */
	uint64_t above_4g;	/* bytes of RAM from 4 GiB on */
};

/*
 * How much RAM a machine must have so that `needs` bytes of it are in one
 * piece: with the hole in the middle, all of them are above it, and most of
 * what is below stays a hole in the file, too.
 */
uint64_t ram_machine_bytes(uint64_t needs);
/* Makes the file, empty, having checked that its file system has room for
 * the bytes that are needed. */
int ram_create(int dir_fd, const char *dir_path, uint64_t needs,
	       struct message *msg);
int ram_map(struct ram *ram, int dir_fd, const char *dir_path,
	    struct message *msg);
void ram_unmap(struct ram *ram);

/* NULL unless all of [hpa, hpa + bytes) is RAM. */
const void *ram_physical(const struct ram *ram, uint64_t hpa, size_t bytes);

#endif
