/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts what a deterministic machine executes, to the instruction: how many
 * in one range of addresses, then how many in the next it goes on in. A plugin
 * in QEMU counts, and leaves a file behind when the machine ends.
 *
 * Core and guest may be at the same addresses, so each has ranges of its own.
 */
#ifndef MACHINE_STEPS_H
#define MACHINE_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/message.h"

struct step_range {
	uint64_t start, end;
	uint32_t id;		/* STEPS_ID_MAX at most, and not STEPS_OTHER */
	uint32_t guest;		/* 1: of the guest; 0: of the core */
};

/* Executed one after the other. */
struct step_run {
	uint32_t id, count;
};

#define STEPS_OTHER	0u		/* no range: firmware, say */
/* The last one if so much was executed that not all was kept. */
#define STEPS_CUT	UINT32_MAX
#define STEPS_ID_MAX	(UINT32_MAX - 1)

struct steps {
	const struct step_run *run;
	size_t count;
};

/* Returns why it is not possible here; NULL: it is. */
const char *steps_impossible(void);
/* Puts into a machine's directory what the plugin needs. The ranges are
 * sorted by guest, then by start, and do not overlap. */
int steps_prepare(int dir_fd, const struct step_range *range, size_t count,
		  struct message *msg);
/* The option for QEMU's -plugin. */
#define STEPS_PLUGIN_OPTION "./steps.so,ranges=ranges,output=steps"
/* Has QEMU taken the plugin? It opens its file then. */
bool steps_taken(int dir_fd);
/* Maps the file that the plugin left. 0 or a negative errno; the caller
 * unmaps. */
int steps_map(struct steps *s, int dir_fd);
void steps_unmap(struct steps *s);

#endif
