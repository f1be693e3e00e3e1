/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All targets together: they come, are read in turn, and may go.
 */
#include "vmtop/watch/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "vmtop/watch/target.h"

struct watch {
	struct target **target;
	size_t targets, targets_max;
	/* of the machines to watch; count 0, but for a replay: all */
	char *const *name;
	size_t names;
	bool starting;		/* one of them is not ready yet */
	bool left;		/* one went, and another may have its name */
	unsigned long serials;
	bool replay;
	size_t intervals;
	double at_s;
	double end_s, end_cpu_s; /* our clocks when the last interval ended */
	double own_cpu;
	const enum key *keys;	/* to group by, too */
	size_t keys_count;
	char error[TARGET_ERROR_BYTES];
	char note[TARGET_ERROR_BYTES];
	char refused[TARGET_ERROR_BYTES]; /* who was noted last, and why */
};

static double clock_s(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct watch *watch_new(void)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (w) {
		w->end_s = clock_s(CLOCK_MONOTONIC);
		w->end_cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	}
	return w;
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->targets; i++) {
		target_close(w->target[i]);
		free(w->target[i]);
	}
	free(w->target);
	free(w);
}

const char *watch_error(const struct watch *w)
{
	return w->error;
}

/* A machine that cannot be read is not tried again while it runs. */
static bool is_watched(const struct watch *w, const char *name)
{
	for (size_t i = 0; i < w->targets; i++) {
		const struct target *t = w->target[i];

		if (strcmp(t->name, name))
			continue;
		if (!t->gone || (t->faulty && machine_running(t->machine)))
			return true;
	}
	return false;
}

static bool is_forgotten(const struct watch *w, const struct target *t)
{
	return t->gone && w->intervals >= t->gone_intervals + WATCH_PAST;
}

/*
 * A place for a new one: that of the machine that had its name, or of one
 * that no interval tells of any more, or one at the end. NULL: no memory.
 */
static struct target **target_place(struct watch *w, const char *name)
{
	size_t max = w->targets_max ? 2 * w->targets_max : 16;
	struct target **grown;

	for (size_t i = 0; i < w->targets; i++)
		if (w->target[i]->gone && !strcmp(w->target[i]->name, name))
			return &w->target[i];
	for (size_t i = 0; i < w->targets; i++)
		if (is_forgotten(w, w->target[i]))
			return &w->target[i];
	if (w->targets == w->targets_max) {
		grown = reallocarray(w->target, max, sizeof(*grown));
		if (!grown)
			return NULL;
		w->target = grown;
		w->targets_max = max;
	}
	w->target[w->targets] = NULL;
	return &w->target[w->targets];
}

static void target_put(struct watch *w, struct target **place,
		       struct target *t)
{
	t->serial = ++w->serials;
	if (place == &w->target[w->targets]) {
		w->targets++;
	} else {
		if (!strcmp((*place)->name, t->name))
			snprintf(w->note, sizeof(w->note), "another machine "
				 "has started under the name %s", t->name);
		target_close(*place);
		free(*place);
	}
	*place = t;
}

void watch_sort_by(struct watch *w, const enum key *keys, size_t count)
{
	w->keys = keys;
	w->keys_count = count;
}

static int target_sort(struct watch *w, struct target *t)
{
	int err = w->keys_count ? interval_counter_sort_by(t->counter, w->keys,
							   w->keys_count) : 0;

	if (err) {
		snprintf(w->error, sizeof(w->error), "out of memory");
		target_close(t);
	}
	return err;
}

static int machine_add(struct watch *w, const char *name)
{
	struct target **place, *t;
	int err;

	if (is_watched(w, name))
		return 0;
	place = target_place(w, name);
	t = malloc(sizeof(*t));
	if (!place || !t) {
		snprintf(w->error, sizeof(w->error), "out of memory");
		free(t);
		return -ENOMEM;
	}
	err = target_attach(t, name, w->error) ?: target_sort(w, t);
	if (err)
		free(t);
	else
		target_put(w, place, t);
	return err;
}

/* One that starts comes later; any other that cannot be watched is noted. */
static void machine_refused(struct watch *w, int err)
{
	if (err == -EAGAIN)
		w->starting = true;
	if (!err || err == -EAGAIN || err == -ENOENT ||
	    !strcmp(w->refused, w->error))
		return;
	strcpy(w->refused, w->error);
	strcpy(w->note, w->error);
}

/* The names of running machines, given to add one after the other. */
static int machines_add_all(struct watch *w)
{
	size_t count = 0, added = 0;
	char **names = NULL;
	int err = machine_list(&names, &count), first = 0;

	if (err) {
		snprintf(w->error, sizeof(w->error),
			 "cannot look for machines: %s", strerror(-err));
		return err;
	}
	for (size_t i = 0; i < count; i++) {
		err = machine_add(w, names[i]);
		machine_refused(w, err);
		if (!err)
			added++;
		else if (!first)
			first = err;
		free(names[i]);
	}
	free(names);
	if (added || !count)
		return added ? 0 : -ENOENT;
	return first;
}

int watch_machines(struct watch *w, char *const *names, size_t count)
{
	int err = 0;

	w->name = names;
	w->names = count;
	for (size_t i = 0; !err && i < count; i++)
		err = machine_add(w, names[i]);
	if (count)
		return err;
	err = machines_add_all(w);
	if (err == -ENOENT)
		snprintf(w->error, sizeof(w->error), "no machine is running; "
			 "start one with 'vmprof record --kernel BZIMAGE', or "
			 "look at a trace with 'vmtop --replay FILE'");
	return err;
}

int watch_replay(struct watch *w, const char *path, double seek_s)
{
	struct target **place = target_place(w, path);
	struct target *t = malloc(sizeof(*t));
	int err = place && t ? target_replay(t, path, seek_s, w->error) ?:
			       target_sort(w, t) : -ENOMEM;

	w->replay = true;
	if (err)
		free(t);
	else
		target_put(w, place, t);
	return err;
}

static void target_leave(struct watch *w, struct target *t, const char *why)
{
	t->gone = true;
	t->gone_intervals = w->intervals;
	w->left = true;
	snprintf(w->note, sizeof(w->note), "%s", why);
}

int watch_drain(struct watch *w, unsigned int records)
{
	int ms = TARGET_POLL_MS_MAX;

	for (size_t i = 0; !w->replay && i < w->targets; i++) {
		struct target *t = w->target[i];
		char why[TARGET_ERROR_BYTES];

		if (!t->gone && target_drain(t, records, why)) {
			t->faulty = true;
			target_leave(w, t, why);
		}
		if (!t->gone && (t->more ? 0 : t->poll_ms) < ms)
			ms = t->more ? 0 : t->poll_ms;
	}
	return ms;
}

static void own_cost(struct watch *w)
{
	double now = clock_s(CLOCK_MONOTONIC);
	double cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);

	if (now > w->end_s)
		w->own_cpu = (cpu - w->end_cpu_s) / (now - w->end_s);
	w->end_s = now;
	w->end_cpu_s = cpu;
}

static void past_put(struct watch *w, struct target *t, struct snapshot *snap)
{
	struct snapshot **place = &t->past[w->intervals % WATCH_PAST];

	snapshot_free(*place);
	*place = snap;
	if (snap)
		snap->at_s = w->at_s;
}

static int replay_end_interval(struct watch *w, double seconds)
{
	struct target *t = w->target[0];
	struct snapshot *snap;

	if (t->gone)
		return 0;
	snap = target_replay_interval(t, seconds, w->error);
	if (!snap)
		return errno ? -errno : -EIO;
	w->at_s = snap->at_s;
	past_put(w, t, snap);
	return 1;
}

int watch_end_interval(struct watch *w, double seconds)
{
	int got = 1;

	if (w->replay) {
		got = replay_end_interval(w, seconds);
		if (got <= 0)
			return got;
	} else {
		w->at_s += seconds;
		for (size_t i = 0; i < w->targets; i++) {
			struct target *t = w->target[i];

			past_put(w, t, t->gone && !t->machine ? NULL :
				 target_end_interval(t, seconds));
		}
	}
	w->intervals++;
	own_cost(w);
	return got;
}

void watch_reset(struct watch *w)
{
	for (size_t i = 0; i < w->targets; i++) {
		target_forget(w->target[i]);
		w->target[i]->gone_intervals = 0;
	}
	w->intervals = 0;
	w->note[0] = '\0';
}

/*
 * One that is watched and has ended keeps its place until the next time: what
 * its rings still hold belongs to this interval.
 */
static void machines_find(struct watch *w)
{
	w->left = w->starting = false;
	if (!w->names)
		machines_add_all(w);
	for (size_t i = 0; i < w->names; i++)
		machine_refused(w, machine_add(w, w->name[i]));
}

bool watch_find_machines(struct watch *w)
{
	unsigned long serials = w->serials;
	bool left = false;

	if (w->replay)
		return false;
	machines_find(w);
	for (size_t i = 0; i < w->targets; i++) {
		struct target *t = w->target[i];
		char why[TARGET_ERROR_BYTES];

		if (t->gone || machine_running(t->machine))
			continue;
		target_drain(t, WATCH_DRAIN_ALL, why);
		snprintf(why, sizeof(why), "machine %s has ended", t->name);
		target_leave(w, t, why);
		left = true;
	}
	return left || w->serials != serials;
}

int watch_symbols(struct watch *w, size_t target, bool wait)
{
	struct target *t = w->target[target];

	return w->replay || t->gone ? 0 : target_symbols(t, wait);
}

int watch_refresh(struct watch *w)
{
	int err = 0;

	watch_find_machines(w);
	for (size_t i = 0; !err && i < w->targets; i++)
		err = watch_symbols(w, i, true);
	return err;
}

static bool any_is_left(const struct watch *w)
{
	for (size_t i = 0; i < w->targets; i++)
		if (!w->target[i]->gone)
			return true;
	return false;
}

bool watch_any(struct watch *w)
{
	if (!any_is_left(w) && w->left && !w->replay)
		machines_find(w);
	return any_is_left(w) || w->starting;
}

size_t watch_targets(const struct watch *w)
{
	return w->targets;
}

const char *watch_name(const struct watch *w, size_t target)
{
	return w->target[target]->name;
}

unsigned long watch_serial(const struct watch *w, size_t target)
{
	return w->target[target]->serial;
}

bool watch_gone(const struct watch *w, size_t target)
{
	return w->target[target]->gone && !w->replay;
}

size_t watch_pasts(const struct watch *w)
{
	return w->intervals < WATCH_PAST ? w->intervals : WATCH_PAST;
}

const struct snapshot *watch_past(const struct watch *w, size_t target,
				  size_t back)
{
	if (back >= watch_pasts(w))
		return NULL;
	return w->target[target]->past[(w->intervals - 1 - back) % WATCH_PAST];
}

/* Our own memory, not the machines' that we map. 0: the kernel does not say. */
static double own_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	unsigned long resident = 0, shared = 0, pages = 0;

	if (f && fscanf(f, "%*u %lu %lu", &resident, &shared) == 2)
		pages = resident - shared;
	if (f)
		fclose(f);
	return (double)pages * sysconf(_SC_PAGESIZE);
}

void watch_status(const struct watch *w, struct watch_status *status)
{
	size_t damages;
	uint64_t at;

	*status = (struct watch_status){
		.at_s = w->at_s,
		.own_cpu = w->own_cpu,
		.own_cpu_s = w->end_cpu_s,
		.own_bytes = own_bytes(),
		.replay = w->replay,
		.ended = !any_is_left(w),
		.note = w->note,
	};
	if (w->replay)
		status->damaged = source_damage(w->target[0]->source,
						&damages) && damages;
	if (status->damaged)
		status->note = "the trace is damaged; what is left out counts "
			"as missed";
	else if (w->replay && source_was_cut(w->target[0]->source,
					&at))
		status->note = source_is_growing(w->target[0]->source) ?
			"the trace is being recorded: more is to come" :
			"the trace was cut: it has no end";
}
