/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two lists of processes, both by cr3, held against each other.
 */
#include "tracer/guest/process_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/guest/vm_kernel.h"

int process_watch_open(struct process_watch *w,
		       const struct machine_view *view, unsigned int vm,
		       const char **why)
{
	const struct anchor *a = view_anchor(view);
	struct process_list list;
	int err;

	if (w->open)
		return 0;
	err = vm_kernel_processes(view, vm, &list, why);
	if (err)
		return err;
	process_watch_begin(w, &list, *(const volatile __u64 *)&a->tsc_khz);
	return 0;
}

void process_watch_begin(struct process_watch *w,
			 const struct process_list *list, uint64_t tsc_khz)
{
	w->list = *list;
	w->tsc_khz = tsc_khz;
	w->open = true;
}

void process_watch_close(struct process_watch *w)
{
	free(w->known);
	free(w->change);
	*w = (struct process_watch){ 0 };
}

/* Room for every change that count processes can mean. */
static int changes_reserve(struct process_watch *w, size_t count)
{
	size_t max = w->known_count + count;
	struct trace_process *grown;

	if (max <= w->changes_max)
		return 0;
	grown = reallocarray(w->change, max, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	w->change = grown;
	w->changes_max = max;
	return 0;
}

static void add_seen(struct process_watch *w, const struct guest_process *p,
		     uint64_t from_tsc)
{
	struct trace_process *c = &w->change[w->changes++];

	*c = (struct trace_process){
		.from_tsc = from_tsc, .cr3 = p->cr3, .pid = p->pid,
		.state = TRACE_PROCESS_SEEN,
	};
	memcpy(c->comm, p->comm, sizeof(c->comm));
}

static void add_gone(struct process_watch *w, const struct guest_process *p,
		     uint64_t from_tsc)
{
	w->change[w->changes++] = (struct trace_process){
		.from_tsc = from_tsc, .cr3 = p->cr3,
		.state = TRACE_PROCESS_GONE,
	};
}

/* Since when a process may have run that the last look did not show. */
static uint64_t new_since(const struct process_watch *w,
			  const struct guest_process *p, uint64_t tsc)
{
	unsigned __int128 started;

	if (w->looked)
		return w->looked_tsc;
	/* the TSC began to count first, so the true moment is later */
	started = (unsigned __int128)p->started_ns * w->tsc_khz / 1000000;
	return started < tsc ? (uint64_t)started : tsc;
}

/*
 * A look that did not see the whole list may have missed a process, but not
 * again and again: after so many its tables may have become another's.
 */
#define LOOKS_UNSEEN_MAX	16

static bool is_gone(const struct guest_process *known, bool whole)
{
	return whole || known->looks_unseen >= LOOKS_UNSEEN_MAX;
}

static bool same_process(const struct guest_process *a,
			 const struct guest_process *b)
{
	return a->pid == b->pid && !memcmp(a->comm, b->comm, sizeof(a->comm));
}

/*
 * Goes through both lists; what is only in the old one is gone, or, when not
 * all was seen (whole is false), is kept in `now`, which has room for it.
 */
static size_t lists_compare(struct process_watch *w, struct guest_process *now,
			    size_t count, uint64_t tsc, bool whole)
{
	size_t old = 0, kept = count;

	for (size_t i = 0; i < count || old < w->known_count;) {
		const struct guest_process *k = &w->known[old];

		if (old == w->known_count ||
		    (i < count && now[i].cr3 < k->cr3)) {
			add_seen(w, &now[i], new_since(w, &now[i], tsc));
			i++;
		} else if (i == count || k->cr3 < now[i].cr3) {
			if (is_gone(k, whole)) {
				add_gone(w, k, tsc);
			} else {
				now[kept] = *k;
				now[kept++].looks_unseen++;
			}
			old++;
		} else {
			if (!same_process(&now[i], k))
				add_seen(w, &now[i], tsc);
			i++;
			old++;
		}
	}
	return kept;
}

static int cr3_compare(const void *a, const void *b)
{
	const struct guest_process *x = a, *y = b;

	return x->cr3 < y->cr3 ? -1 : x->cr3 > y->cr3;
}

int process_watch_look(struct process_watch *w, uint64_t tsc)
{
	struct guest_process *now, *grown;
	size_t count;
	int err = processes_read(&w->list, &now, &count);

	w->changes = 0;
	if (err == -ENOMEM)
		return err;
	grown = reallocarray(now, count + w->known_count + 1, sizeof(*now));
	if (grown)
		now = grown;
	if (!grown || changes_reserve(w, count)) {
		free(now);
		return -ENOMEM;
	}
	count = lists_compare(w, now, count, tsc, !err);
	if (err)
		qsort(now, count, sizeof(*now), cr3_compare);
	free(w->known);
	w->known = now;
	w->known_count = count;
	w->looked = true;
	w->looked_tsc = tsc;
	return 0;
}
