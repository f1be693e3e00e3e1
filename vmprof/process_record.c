/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks at guests' processes, paced so that a guest with very many of them
 * does not keep the recorder from its rings.
 */
#include "vmprof/process_record.h"

#include <errno.h>
#include <time.h>

/* of the recorder's time, for looks: one in so many parts */
#define LOOK_SHARE	100

int process_record_find(struct process_record *p, const struct machine *m,
			unsigned int vms)
{
	for (unsigned int vm = 0; vm < vms && vm < ANCHOR_VMS_MAX; vm++) {
		const char *why;
		int err = 0;

		if (!p->never[vm])
			err = process_watch_open(&p->watch[vm],
						 machine_view(m), vm, &why);
		if (err == -ENOMEM)
			return err;
		if (err == -ENOENT)
			p->never[vm] = why;
	}
	return 0;
}

static int64_t thread_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static int look(struct process_record *p, struct trace_writer *w,
		uint64_t last_tsc)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		struct process_watch *watch = &p->watch[vm];
		int err;

		if (!watch->open || p->never[vm])
			continue;
		err = process_watch_look(watch, last_tsc) ?:
		      trace_writer_processes(w, vm, watch->change,
					     watch->changes);
		if (err == -E2BIG)
			p->never[vm] = "it has had more than a trace may hold";
		else if (err)
			return err;
	}
	return 0;
}

int process_record_look(struct process_record *p, struct trace_writer *w,
			uint64_t last_tsc, int64_t now_ns)
{
	int64_t before, cost;
	int err;

	if (now_ns && now_ns < p->next_ns)
		return 0;
	before = thread_ns();
	err = look(p, w, last_tsc);
	cost = thread_ns() - before;
	p->next_ns = now_ns + (cost * LOOK_SHARE > PROCESS_LOOK_NS ?
			       cost * LOOK_SHARE : PROCESS_LOOK_NS);
	return err;
}

bool process_record_looks(const struct process_record *p)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++) {
		if (p->watch[vm].open && !p->never[vm])
			return true;
	}
	return false;
}

void process_record_close(struct process_record *p)
{
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++)
		process_watch_close(&p->watch[vm]);
}
