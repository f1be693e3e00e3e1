/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads what the loader of a small guest says about the machine, by
 * multiboot1 or by PVH.
 */
#ifndef GUESTS_RUNTIME_LOADER_H
#define GUESTS_RUNTIME_LOADER_H

#include "vmm-core/lib/types.h"

/* "multiboot" or "pvh". */
const char *loader_protocol(void);
/* Empty if there is none. */
const char *loader_command_line(void);
/* Returns the text behind NAME= in it, which ends at a blank; NULL: it has no
 * such word. */
const char *loader_option(const char *name);
/* Where the RAM ends that begins at 1 MiB; 0: not known. */
u64 loader_memory_end(void);
/* ACPI's RSDP; 0: the loader does not say. */
u64 loader_rsdp(void);

#endif
