/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One watched machine, or a trace in its place: for watch.c alone.
 */
#ifndef VMTOP_WATCH_TARGET_H
#define VMTOP_WATCH_TARGET_H

#include <limits.h>
#include <stdbool.h>

#include "tracer/guest/process_watch.h"
#include "tracer/source/source.h"
#include "exit-analyzer/live/interval_counter.h"
#include "vmtop/watch/symbol_loader.h"
#include "vmtop/watch/past.h"
#include "machine/machine.h"

#define TARGET_NAME_BYTES (NAME_MAX + 1)
#define TARGET_ERROR_BYTES (PATH_MAX + 512)
#define TARGET_POLL_MS_MAX 100

struct target {
	char name[TARGET_NAME_BYTES];
	unsigned long serial;	/* another one for each that came */
	bool gone;
	bool faulty;		/* gone, although the machine may run */
	size_t gone_intervals;	/* intervals there were until it went */
	struct source *source;	/* a trace's is merged */
	struct interval_counter *counter;
	struct snapshot *past[WATCH_PAST];	/* by number, modulo that */

	/* a machine */
	struct machine *machine;
	unsigned int vms;
	uint64_t ring_slots;	/* of the smallest ring */
	int poll_ms;		/* how soon to look again ... */
	bool more;		/* ... unless that much is left to be read */
	uint64_t waiting_most;	/* in this interval */
	uint64_t end_tsc;	/* of the last record before it */
	/* the core's counters when the last interval ended, by the anchor's table */
	uint64_t irqs_injected[ANCHOR_VCPUS_MAX];
	unsigned int symbol_loads[ANCHOR_VMS_MAX];
	struct process_watch processes[ANCHOR_VMS_MAX];
	unsigned int symbol_vm;	/* whose symbols are next */
	struct symbol_loader *loader;	/* that looks for them, or NULL */

	/* a trace */
	uint64_t start_tsc;	/* of the interval; 0: nothing was read yet */
	uint64_t first_tsc;	/* of the first interval */
};

/* All return 0 or a negative errno with a sentence in error. */
int target_attach(struct target *t, const char *name,
		  char error[TARGET_ERROR_BYTES]);
int target_replay(struct target *t, const char *path, double seek_s,
		  char error[TARGET_ERROR_BYTES]);
void target_close(struct target *t);

/* At most so many records, or a few more; then t->more. */
int target_drain(struct target *t, unsigned int most,
		 char error[TARGET_ERROR_BYTES]);
/* The interval, which took `seconds` of ours; NULL and errno. */
struct snapshot *target_end_interval(struct target *t, double seconds);
/* The trace's next interval; NULL and errno, 0 at its end. */
struct snapshot *target_replay_interval(struct target *t, double seconds,
				   char error[TARGET_ERROR_BYTES]);
/*
 * Symbols and processes that can be had now and could not before; 1: they are
 * being looked for, if the caller does not wait.
 */
int target_symbols(struct target *t, bool wait);
void target_forget(struct target *t);

#endif
