/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's image file: where it is, and where its anchor will stand.
 */
#ifndef MACHINE_CORE_IMAGE_H
#define MACHINE_CORE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "machine/message.h"

/*
 * path: what was asked for, or NULL: $VMPROF_CORE, then ../vmm-core.elf as
 * seen from the running program, then ../lib/vmprof/vmm-core.elf. The
 * result is absolute.
 */
int core_image_find(char *found, size_t bytes, const char *path,
		    struct message *msg);
/* Physical address of the symbol `anchor`; -ENOENT: no such symbol. */
int core_image_anchor(int dir_fd, const char *path, uint64_t *hpa);

#endif
