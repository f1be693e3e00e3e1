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
	struct target target[WATCH_TARGETS];
	size_t targets;
	bool all;		/* machines that start later, too */
	char *const *awaited;	/* names of those that may */
	size_t awaited_count;
	unsigned long serials;
	bool replay;
	size_t cuts;
	double at_s;
	double cut_s, cut_cpu_s; /* our clocks at the last cut */
	double own_cpu;
	char error[TARGET_ERROR_BYTES];
	char note[TARGET_ERROR_BYTES];
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
		w->cut_s = clock_s(CLOCK_MONOTONIC);
		w->cut_cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	}
	return w;
}

void watch_free(struct watch *w)
{
	for (size_t i = 0; w && i < w->targets; i++)
		target_close(&w->target[i]);
	free(w);
}

const char *watch_error(const struct watch *w)
{
	return w->error;
}

static bool is_watched(const struct watch *w, const char *name)
{
	for (size_t i = 0; i < w->targets; i++)
		if (!w->target[i].gone && !strcmp(w->target[i].name, name))
			return true;
	return false;
}

/* A free place: a new one, or that of a machine that has gone. */
static struct target *target_place(struct watch *w, const char *name)
{
	for (size_t i = 0; i < w->targets; i++)
		if (w->target[i].gone && !strcmp(w->target[i].name, name))
			return &w->target[i];
	if (w->targets < WATCH_TARGETS)
		return &w->target[w->targets];
	for (size_t i = 0; i < w->targets; i++)
		if (w->target[i].gone)
			return &w->target[i];
	return NULL;
}

static int machine_add(struct watch *w, const char *name)
{
	struct target *place = target_place(w, name);
	struct target t;
	int err;

	if (is_watched(w, name))
		return 0;
	if (!place) {
		snprintf(w->error, sizeof(w->error), "more than %d machines "
			 "cannot be watched at once; name those to watch",
			 WATCH_TARGETS);
		return -E2BIG;
	}
	err = target_attach(&t, name, w->error);
	if (err)
		return err;
	if (place == &w->target[w->targets])
		w->targets++;
	else
		target_close(place);
	t.serial = ++w->serials;
	*place = t;
	return 0;
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

	w->all = !count;
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

int watch_await(struct watch *w, char *const *names, size_t count)
{
	w->awaited = names;
	w->awaited_count = count;
	return watch_machines(w, names, count);
}

int watch_replay(struct watch *w, const char *path, double seek_s)
{
	int err = target_replay(&w->target[0], path, seek_s, w->error);

	w->replay = true;
	if (!err)
		w->targets = 1;
	return err;
}

static void target_leave(struct watch *w, struct target *t, const char *why)
{
	t->gone = true;
	snprintf(w->note, sizeof(w->note), "%s", why);
}

int watch_drain(struct watch *w, unsigned int records)
{
	int ms = TARGET_POLL_MS_MAX;

	for (size_t i = 0; !w->replay && i < w->targets; i++) {
		struct target *t = &w->target[i];
		char why[TARGET_ERROR_BYTES];

		if (!t->gone && target_drain(t, records, why))
			target_leave(w, t, why);
		if (!t->gone && (t->more ? 0 : t->poll_ms) < ms)
			ms = t->more ? 0 : t->poll_ms;
	}
	return ms;
}

static void own_cost(struct watch *w)
{
	double now = clock_s(CLOCK_MONOTONIC);
	double cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);

	if (now > w->cut_s)
		w->own_cpu = (cpu - w->cut_cpu_s) / (now - w->cut_s);
	w->cut_s = now;
	w->cut_cpu_s = cpu;
}

static void past_put(struct watch *w, struct target *t, struct snapshot *snap)
{
	struct snapshot **place = &t->past[w->cuts % WATCH_PAST];

	snapshot_free(*place);
	*place = snap;
	if (snap)
		snap->at_s = w->at_s;
}

static int cut_replay(struct watch *w, double seconds)
{
	struct target *t = &w->target[0];
	struct snapshot *snap;

	if (t->gone)
		return 0;
	snap = target_cut_replay(t, seconds, w->error);
	if (!snap)
		return errno ? -errno : -EIO;
	w->at_s = snap->at_s;
	past_put(w, t, snap);
	return 1;
}

int watch_cut(struct watch *w, double seconds)
{
	int got = 1;

	if (w->replay) {
		got = cut_replay(w, seconds);
		if (got <= 0)
			return got;
	} else {
		w->at_s += seconds;
		for (size_t i = 0; i < w->targets; i++) {
			struct target *t = &w->target[i];

			past_put(w, t, t->gone && !t->machine ? NULL :
				 target_cut(t, seconds));
		}
	}
	w->cuts++;
	own_cost(w);
	return got;
}

void watch_reset(struct watch *w)
{
	for (size_t i = 0; i < w->targets; i++)
		target_forget(&w->target[i]);
	w->cuts = 0;
	w->note[0] = '\0';
}

/*
 * One that is watched and has ended keeps its place until the next time: what
 * its rings still hold belongs to this interval.
 */
static void machines_look(struct watch *w)
{
	if (w->all)
		machines_add_all(w);
	for (size_t i = 0; i < w->awaited_count; i++)
		machine_add(w, w->awaited[i]);
}

bool watch_look(struct watch *w)
{
	unsigned long serials = w->serials;
	bool left = false;

	if (w->replay)
		return false;
	machines_look(w);
	for (size_t i = 0; i < w->targets; i++) {
		struct target *t = &w->target[i];
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
	struct target *t = &w->target[target];

	return w->replay || t->gone ? 0 : target_symbols(t, wait);
}

int watch_refresh(struct watch *w)
{
	int err = 0;

	watch_look(w);
	for (size_t i = 0; !err && i < w->targets; i++)
		err = watch_symbols(w, i, true);
	return err;
}

bool watch_any(const struct watch *w)
{
	for (size_t i = 0; i < w->targets; i++)
		if (!w->target[i].gone)
			return true;
	return false;
}

size_t watch_targets(const struct watch *w)
{
	return w->targets;
}

const char *watch_name(const struct watch *w, size_t target)
{
	return w->target[target].name;
}

unsigned long watch_serial(const struct watch *w, size_t target)
{
	return w->target[target].serial;
}

bool watch_gone(const struct watch *w, size_t target)
{
	return w->target[target].gone && !w->replay;
}

size_t watch_pasts(const struct watch *w)
{
	return w->cuts < WATCH_PAST ? w->cuts : WATCH_PAST;
}

const struct snapshot *watch_past(const struct watch *w, size_t target,
				  size_t back)
{
	if (back >= watch_pasts(w))
		return NULL;
	return w->target[target].past[(w->cuts - 1 - back) % WATCH_PAST];
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
	uint64_t at;

	*status = (struct watch_status){
		.at_s = w->at_s,
		.own_cpu = w->own_cpu,
		.own_cpu_s = w->cut_cpu_s,
		.own_bytes = own_bytes(),
		.replay = w->replay,
		.ended = !watch_any(w),
		.note = w->note,
	};
	if (w->replay && source_was_cut(w->target[0].source,
					&at))
		status->note = source_is_growing(w->target[0].source) ?
			"the trace is being recorded: more is to come" :
			"the trace was cut: it has no end";
}
