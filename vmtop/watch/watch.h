/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines that are watched, or one trace in their place: events go from
 * each one's rings into its sampler; intervals end for all at once and are
 * kept for a minute.
 *
 * Passive: nothing here can be noticed by a machine.
 */
#ifndef VMTOP_WATCH_WATCH_H
#define VMTOP_WATCH_WATCH_H

#include <stdbool.h>

#include "exit-analyzer/live/snapshot.h"
#include "vmtop/watch/past.h"

struct watch;

struct watch_status {
	double at_s;		/* the newest interval's end */
	double own_cpu;		/* of one core, in the newest interval */
	double own_cpu_s;	/* up to its end */
	double own_bytes;	/* of memory */
	bool replay;
	bool ended;		/* a replay: nothing more will come */
	bool damaged;		/* a replay: parts of the trace are left out */
	const char *note;	/* what happened lately; "" */
};

/* NULL: out of memory. */
struct watch *watch_new(void);
void watch_free(struct watch *w);
/* The last error, as a sentence. */
const char *watch_error(const struct watch *w);

/*
 * Watches machines by count names, or with 0 all there are. Those that start
 * later are found by watch_refresh(), also under a name that another had
 * before, whatever this returns. names must last. 0, or a negative errno;
 * -ENOENT: there is none.
 */
int watch_machines(struct watch *w, char *const *names, size_t count);
/*
 * Groups exits by these keys, too, in what is watched from now on; they must
 * last.
 */
void watch_sort_by(struct watch *w, const enum key *keys, size_t count);
/*
 * seek_s: where to begin. Intervals follow the trace's own time.
 */
int watch_replay(struct watch *w, const char *path, double seek_s);

/* Records of each ring that it is worth looking at clocks between. */
#define WATCH_DRAIN_ALL		(1u << 20)
/* A millisecond or two of work: nobody waits for longer than that. */
#define WATCH_DRAIN_SOME	(1u << 15)
/*
 * Takes what waits in the rings, but no more than about that. In how many
 * milliseconds to come again, so that nothing is missed; 0: there is more.
 */
int watch_drain(struct watch *w, unsigned int records);
/*
 * Ends the interval of `seconds`; a replay first takes its records of that
 * time, 0: all that are left. 1: there is one, 0: the trace has ended.
 */
int watch_end_interval(struct watch *w, double seconds);
/* Totals and what is kept of the past begin anew. */
void watch_reset(struct watch *w);
/*
 * Machines that came or went: now and then. true: some did, and intervals of
 * one whose place another took are no more.
 */
bool watch_find_machines(struct watch *w);
/*
 * Then, of each machine, symbols that were not there before. That takes time:
 * 1 if they are still looked for and the caller does not wait.
 */
int watch_symbols(struct watch *w, size_t target, bool wait);
/* Both at once. */
int watch_refresh(struct watch *w);
/*
 * false: all that were watched have ended, and none runs or starts under their
 * names. To be asked when an interval is printed: whoever takes a place takes
 * its intervals.
 */
bool watch_any(struct watch *w);

size_t watch_targets(const struct watch *w);
const char *watch_name(const struct watch *w, size_t target);
/* Tells machines of the same name apart that were there one after the other. */
unsigned long watch_serial(const struct watch *w, size_t target);
bool watch_gone(const struct watch *w, size_t target);
/* The interval `back` before the newest; NULL: none. */
const struct snapshot *watch_past(const struct watch *w, size_t target,
				  size_t back);
size_t watch_pasts(const struct watch *w);
void watch_status(const struct watch *w, struct watch_status *status);

#endif
