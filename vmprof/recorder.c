/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a recording, from its start to the last record. On a deterministic
 * machine, machine time and the records alone decide about the bytes in the
 * file: nothing follows the host's clock or how far the reader happened to be.
 */
#include "vmprof/recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command/clock.h"
#include "command/interrupt.h"
#include "command/status.h"
#include "vmprof/cmd.h"
#include "vmprof/kernel_symbols.h"
#include "vmprof/record_output.h"
#include "vmprof/recorder_end.h"
#include "vmprof/recorder_state.h"

#define NS_PER_MS	1000000ll
#define NS_PER_S	1000000000ll
/* records in one go, before signals and the machine are looked at again */
#define DRAIN_RECORDS	65536
/* between two looks at the rings */
#define SLEEP_MIN_NS	(NS_PER_MS / 2)
#define SLEEP_MAX_NS	(50 * NS_PER_MS)
/* no machine fills its ring faster than this, a slot */
#define SLOT_NS		5000
#define FLUSH_NS	NS_PER_S
/* by then a kernel has loaded most modules that it needs to boot */
#define SYMBOLS_FIRST_NS (3 * NS_PER_S)
#define SYMBOLS_TRY_NS	(250 * NS_PER_MS)
/* to find, write out and compress the symbols takes less */
#define SYMBOLS_TAKE_NS	(100 * NS_PER_MS)
/* an attached machine that records nothing for so long is idle */
#define IDLE_NS		NS_PER_S

static int machine_begin(struct recording *r)
{
	const struct record_options *o = r->o;
	int err;

	if (o->attach)
		err = machine_attach(r->machine, o->attach_name);
	else
		err = machine_start(r->machine, &o->machine);
	if (err && !(err == -EINTR && interrupted))
		cmd_error("%s", machine_error(r->machine));
	else if (err)
		cmd_error("interrupted before the machine ran; nothing was "
			  "recorded");
	else if (o->verbose)
		recorder_note(r, "%s machine %s",
			      o->attach ? "attached to" : "started",
			      machine_name(r->machine));
	if (!err)
		status_say("machine", "%s", machine_name(r->machine));
	return err;
}

static int source_begin(struct recording *r)
{
	/* from boot on, or from now on if it is another's machine */
	r->source = source_merged(source_open_rings(machine_view(r->machine),
						    !r->o->attach));
	if (r->source)
		return 0;
	cmd_error("cannot read the rings of machine %s: %m",
		  machine_name(r->machine));
	return -errno;
}

static int writer_begin(struct recording *r)
{
	struct origin origin = *source_origin(r->source);

	origin.clock.deterministic = !r->live;
	return record_output_begin(r, &origin);
}

/* For an attached machine; ours gets its time from the core. */
static bool duration_over(struct recording *r)
{
	uint64_t khz = source_origin(r->source)->clock.tsc_khz;

	if (!r->o->attach || !r->o->duration_ns || !r->tally.first_tsc)
		return false;
	if (!r->end_tsc)
		r->end_tsc = r->tally.first_tsc + (uint64_t)
			((unsigned __int128)r->o->duration_ns * khz / 1000000);
	return r->tally.last_tsc >= r->end_tsc;
}

/* No records, no machine time: an idle machine commits none. */
static bool duration_over_idle(const struct recording *r, int64_t now)
{
	return r->o->attach && r->o->duration_ns &&
	       now - r->started_ns >= (int64_t)r->o->duration_ns &&
	       now - r->last_record_ns >= IDLE_NS;
}

static bool holds_pause(struct recording *r, const struct event_header *ev)
{
	const struct event_vmexit *e = (const struct event_vmexit *)ev;

	return ev->id == EVENT_VMEXIT &&
	       e->handle_cycles >= r->pauses.look_cycles &&
	       host_pauses_look(&r->pauses, e);
}

/* An exit with a pause in it: its cost is not known. The ring is not ours. */
static int paused_exit_write(struct recording *r, unsigned int cpu,
			     const struct event_header *ev)
{
	union {
		struct event_vmexit exit;
		__u8 slots[EVENT_SLOTS_MAX * EVENT_SLOT_BYTES];
	} copy;

	memcpy(&copy, ev, (size_t)ev->slots * EVENT_SLOT_BYTES);
	host_pause_forget_cost(&copy.exit);
	return trace_writer_event(r->writer, cpu, &copy.exit.h);
}

/* With one CPU only: records of several wait for one another before they are
 * read. */
static void pauses_begin(struct recording *r)
{
	bool can = r->live && source_cpus(r->source) == 1;

	host_pauses_begin(&r->pauses, can ? machine_pid(r->machine) : 0,
			  source_origin(r->source)->clock.tsc_khz);
}

/* false: it is the last of the recording. */
static bool event_write(struct recording *r, unsigned int cpu,
			const struct event_header *ev)
{
	int err = holds_pause(r, ev) ?
		paused_exit_write(r, cpu, ev) :
		trace_writer_event(r->writer, cpu, ev);

	tally_add(&r->tally, ev);
	if (err)
		recorder_write_failed(r, err);
	else if (duration_over(r))
		r->ending = ENDING_ASKED;
	else
		return true;
	return false;
}

/* Writes the run up to the recording's last record; returns how many. */
static unsigned int run_write(struct recording *r, const struct event_run *run)
{
	unsigned int n = 0;

	while (n < run->count)
		if (!event_write(r, run->cpu, event_run_record(run->first, n++)))
			break;
	return n;
}

/* About max records from the rings to the file; returns how many. */
static size_t drain(struct recording *r, size_t max)
{
	struct event_run run;
	size_t n = 0;
	int got = 0;

	while (n < max && (got = source_read(r->source, &run)) > 0) {
		unsigned int written = run_write(r, &run);

		source_unread(r->source, run.count - written);
		n += written;
		if (r->ending == ENDING_FAILED || duration_over(r))
			break;
	}
	if (got < 0) {
		cmd_error("cannot read the rings of machine %s: %s",
			  machine_name(r->machine), source_error(r->source));
		r->ending = ENDING_FAILED;
	}
	return n;
}

static enum ending ending_now(struct recording *r, int64_t now)
{
	switch (machine_state(r->machine)) {
	case MACHINE_STOPPED:
		return ENDING_STOPPED;
	case MACHINE_PANICKED:
	case MACHINE_REFUSED:
		return ENDING_DIED;
	case MACHINE_BOOTING:
	case MACHINE_RUNNING:
		break;
	}
	if (interrupted || duration_over_idle(r, now))
		return ENDING_ASKED;
	if (machine_running(r->machine))
		return ENDING_NONE;
	/* it may have stopped and gone between the two looks */
	return machine_state(r->machine) == MACHINE_STOPPED ? ENDING_STOPPED :
							      ENDING_DIED;
}

static void symbols_take(struct recording *r, bool last)
{
	unsigned int vms = source_origin(r->source)->vms;
	const char *why;
	size_t count;
	int err;

	for (unsigned int vm = 0; vm < vms; vm++) {
		err = kernel_symbols_take(r->machine, vm, r->writer, &count,
					  &why);
		if (!err) {
			r->symbols_taken = true;
			if (r->o->verbose)
				recorder_note(r, "took %zu symbols of vm%u's "
					      "kernel", count, vm);
		} else if (err != -EAGAIN) {
			recorder_write_failed(r, err);
		} else if (last) {
			recorder_note(r, "no symbols of vm%u's kernel: %s", vm,
				      why);
		}
	}
}

/* Looks for the processes of guests whose kernels are not known yet. */
static void processes_find(struct recording *r)
{
	int err = process_record_find(&r->processes, r->machine,
				      source_origin(r->source)->vms);

	if (err)
		recorder_write_failed(r, err);
}

/* now: 0 for the last look. */
static void processes_look(struct recording *r, int64_t now)
{
	int err = process_record_look(&r->processes, r->writer,
				      r->tally.last_tsc, now);

	if (err)
		recorder_write_failed(r, err);
}

/* As all that a deterministic recording does at its end. */
static void processes_end(struct recording *r)
{
	processes_find(r);
	if (r->ending != ENDING_FAILED)
		processes_look(r, 0);
	for (unsigned int vm = 0; vm < ANCHOR_VMS_MAX; vm++)
		if (r->processes.never[vm])
			recorder_note(r, "processes of vm%u are not known: %s",
				      vm, r->processes.never[vm]);
}

static void progress_show(struct recording *r, int64_t now)
{
	if (!r->o->progress || r->o->quiet || now - r->shown_ns < NS_PER_S / 5)
		return;
	r->shown_ns = now;
	fprintf(stderr, "\r[ vmprof record: %.1f s, %" PRIu64 " exits ] ",
		(double)(now - r->started_ns) / NS_PER_S, r->tally.exits);
}

/* Could the rings hold what comes while the symbols are taken? */
static bool time_to_spare(const struct recording *r, size_t drained,
			  int64_t passed_ns)
{
	return drained * (SYMBOLS_TAKE_NS / (passed_ns + 1) + 1) <
	       r->slots / 2;
}

static void flush(struct recording *r, int64_t now)
{
	int err = trace_writer_flush(r->writer);

	r->flushed_ns = now;
	if (err)
		recorder_write_failed(r, err);
}

/* Does what the host's clock decides, in a live recording only. */
static void live_duties(struct recording *r, int64_t now, bool time_to_spare)
{
	if (now - r->flushed_ns >= FLUSH_NS)
		flush(r, now);
	if (r->ending == ENDING_NONE && time_to_spare &&
	    now - r->find_ns >= SYMBOLS_TRY_NS) {
		r->find_ns = now;
		processes_find(r);
	}
	if (r->symbols_taken || now - r->symbols_ns < SYMBOLS_TRY_NS ||
	    now - r->started_ns < SYMBOLS_FIRST_NS || !time_to_spare)
		return;
	/* early, for the case that we are killed later; after the events, for
	 * the case that there is no room for both */
	r->symbols_ns = now;
	flush(r, now);
	if (r->ending == ENDING_NONE)
		symbols_take(r, false);
}

/* Sleeps longer the less there was, and not at all when there was a lot. */
static void rest(struct recording *r, size_t drained)
{
	int64_t max = (int64_t)r->slots * SLOT_NS;
	struct timespec t;

	if (drained >= DRAIN_RECORDS || drained >= r->slots / 2)
		return;
	if (drained < r->slots / 32)
		r->sleep_ns *= 2;
	else if (drained > r->slots / 8)
		r->sleep_ns /= 2;
	if (max > SLEEP_MAX_NS)
		max = SLEEP_MAX_NS;
	/* a process may not live for longer */
	if (drained && process_record_looks(&r->processes) &&
	    max > PROCESS_LOOK_NS)
		max = PROCESS_LOOK_NS;
	if (r->sleep_ns > max)
		r->sleep_ns = max;
	if (r->sleep_ns < SLEEP_MIN_NS)
		r->sleep_ns = SLEEP_MIN_NS;
	t = (struct timespec){ .tv_nsec = r->sleep_ns };
	nanosleep(&t, NULL);
}

static void record_loop(struct recording *r)
{
	int64_t now = clock_now_ns(), before;
	size_t drained;

	r->slots = machine_ring_slots(r->machine);
	r->started_ns = r->flushed_ns = r->symbols_ns = r->last_record_ns = now;
	while (r->ending == ENDING_NONE) {
		enum ending ending = ending_now(r, now);

		drained = drain(r, DRAIN_RECORDS);
		if (drained < DRAIN_RECORDS)
			host_pauses_drained(&r->pauses, now);
		if (r->ending == ENDING_NONE)
			r->ending = ending;
		/* no records, nobody to tell apart; and before a rest, so that
		 * the newest record says when it was */
		if (r->live && drained && r->ending == ENDING_NONE)
			processes_look(r, clock_now_ns());
		if (r->ending != ENDING_NONE)
			break;
		rest(r, drained);
		before = now;
		now = clock_now_ns();
		if (drained)
			r->last_record_ns = now;
		if (r->live)
			live_duties(r, now,
				    time_to_spare(r, drained, now - before));
		progress_show(r, now);
	}
}

/* Writes what the rings of a machine that stands still hold, and the symbols. */
static void record_rest(struct recording *r)
{
	bool all = !r->o->attach || r->ending != ENDING_ASKED;

	if (!r->o->attach && machine_stop(r->machine))
		cmd_error("%s", machine_error(r->machine));
	while (all && r->ending != ENDING_FAILED &&
	       drain(r, DRAIN_RECORDS) >= DRAIN_RECORDS)
		;
	if (r->ending != ENDING_FAILED)
		symbols_take(r, true);
	if (r->ending != ENDING_FAILED)
		processes_end(r);
}

static int recording_make(struct recording *r)
{
	bool good;

	if (record_output_claim(r) || machine_begin(r) ||
	    source_begin(r))
		return CMD_ERROR;
	r->live = !machine_deterministic(r->machine);
	if (writer_begin(r))
		return CMD_ERROR;
	pauses_begin(r);
	record_loop(r);
	/* how it ended is asked before we end it */
	good = recorder_explain(r);
	if (r->ending != ENDING_FAILED)
		record_rest(r);
	if (r->ending == ENDING_FAILED)
		return CMD_ERROR;
	return recorder_finish(r) && good ? CMD_DONE : CMD_ERROR;
}

/* The status that a test kernel ended with is passed on. */
static int guest_status(struct recording *r)
{
	const struct anchor *a = machine_anchor(r->machine);

	for (unsigned int vm = 0; vm < a->vms && vm < ANCHOR_VMS_MAX; vm++)
		if (a->guest_status[vm] && !r->o->attach)
			return a->guest_status[vm] & 0xff;
	return CMD_DONE;
}

int recording_run(const struct record_options *options)
{
	struct recording r = {
		.o = options, .sleep_ns = SLEEP_MIN_NS, .output.fd = -1,
	};
	int status = CMD_ERROR, guest = CMD_DONE;

	interrupt_catch_usual();
	/* a limit on file sizes is an error like a full disk */
	signal(SIGXFSZ, SIG_IGN);
	/* and so is a pipe that nobody reads */
	signal(SIGPIPE, SIG_IGN);
	r.machine = machine_new();
	if (r.machine)
		status = recording_make(&r);
	else
		cmd_error("out of memory");
	if (status == CMD_DONE)
		guest = guest_status(&r);
	process_record_close(&r.processes);
	trace_writer_close(r.writer);
	trace_name_release(&r.output);
	source_close(r.source);
	machine_close(r.machine);
	status_say("state", status == CMD_DONE ? "done" : "failed");
	return status == CMD_DONE ? guest : status;
}
