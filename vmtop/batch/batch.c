/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop of batch mode: rings are read as often as they need it, and
 * intervals end by the clock, or by the time in a trace.
 */
#include "vmtop/batch/batch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "command/clock.h"
#include "command/command.h"
#include "command/interrupt.h"

const struct batch_format batch_formats[] = {
	{ "text", NULL, batch_text },
	{ "csv", batch_csv_begin, batch_csv },
	{ "json", NULL, batch_json },
	{ 0 }
};

/* Reads rings until that moment; false: interrupted, or nothing is left. */
static bool drain_until(struct watch *w, double end_s)
{
	double left;

	for (;;) {
		int ms = watch_drain(w, WATCH_DRAIN_ALL);
		struct timespec t;

		left = end_s - clock_now_s();
		if (interrupted || left <= 0 || !watch_any(w))
			return !interrupted;
		if (left * 1000 < ms)
			ms = left * 1000 + 1;
		t = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
		nanosleep(&t, NULL);
	}
}

static bool interval_live(struct watch *w, double delay_s, double *start_s)
{
	double now;

	if (!drain_until(w, *start_s + delay_s))
		return false;
	watch_refresh(w);
	now = clock_now_s();
	if (watch_cut(w, now - *start_s) < 0)
		return false;
	*start_s = now;
	return true;
}

/* 1: an interval, 0: the trace has ended, or a negative errno. */
static int interval_replay(struct watch *w, const struct options *o)
{
	double length = o->once && !o->delay_given ? 0 : o->delay_s;
	struct timespec t;

	if (o->speed > 0) {
		double wait = length / o->speed;

		t = (struct timespec){ wait, (wait - (time_t)wait) * 1e9 };
		nanosleep(&t, NULL);
	}
	return interrupted ? 0 : watch_cut(w, length);
}

int batch_run(struct watch *w, const struct options *o)
{
	double start_s = clock_now_s();
	unsigned long left = o->intervals;
	int got = 1;

	interrupt_catch(SIGINT);
	interrupt_catch(SIGTERM);
	/* whoever reads our pipe may stop: that ends us without a word */
	signal(SIGPIPE, SIG_DFL);
	watch_refresh(w);
	if (o->format->begin)
		o->format->begin(stdout);
	while (watch_any(w) && !interrupted && (!o->intervals || left--)) {
		if (o->replay)
			got = interval_replay(w, o);
		else
			got = interval_live(w, o->delay_s, &start_s);
		if (got <= 0)
			break;
		got = o->format->interval(stdout, w);
		if (got < 0 || fflush(stdout))
			break;
	}
	if (got < 0)
		cmd_error("%s", *watch_error(w) ? watch_error(w) :
			    strerror(-got));
	return got < 0 ? CMD_ERROR : CMD_DONE;
}
