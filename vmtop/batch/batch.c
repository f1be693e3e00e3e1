/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop of batch mode: rings are read as often as they need it, and
 * intervals end by the clock, or by the time in a trace.
 */
#include "vmtop/batch/batch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/clock.h"
#include "command/command.h"
#include "command/interrupt.h"

static const struct batch_format *const formats[FORMATS] = {
#define FORMAT(name) &batch_##name,
#include "vmtop/options/formats.def"
};

/* How long to go on before looking whether anybody can read the output. */
#define OUTPUT_LOOK_MS	100

struct batch {
	struct watch *w;
	const struct options *o;
	const struct batch_format *format;
	double start_s;		/* of the interval */
	int output_err;		/* 0, or why no more can be written */
	char *noted;		/* what was said last; NULL: nothing */
	bool damaged;		/* the trace; all else of it was printed */
};

/*
 * Ends the output for that reason; returns it. A terminal that hangs up sends
 * its programs a signal, which may be a moment behind the error: that is an
 * end in order.
 */
static int output_end(struct batch *b, int err)
{
	if (err == -EIO && !interrupted)
		poll(NULL, 0, OUTPUT_LOOK_MS);
	if (err != -EIO || !interrupted)
		b->output_err = err;
	/* that is all there is to say of it */
	__fpurge(stdout);
	clearerr(stdout);
	return b->output_err;
}

/* Waits a moment; -EIO or -EPIPE when the output's terminal or reader left. */
static int output_wait(struct batch *b, int ms)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	if (poll(&out, 1, ms) <= 0 || !(out.revents & (POLLHUP | POLLERR)))
		return 0;
	return output_end(b, out.revents & POLLHUP ? -EIO : -EPIPE);
}

/* Writes what was printed: 0 or a negative errno. */
static int output_flush(struct batch *b)
{
	/* stdio drops what it could not write, and the rest may go well */
	bool failed = ferror(stdout);

	if (!fflush(stdout) && !failed)
		return 0;
	return output_end(b, errno ? -errno : -EIO);
}

/* 1: the time has come, 0: interrupted, or a negative errno. */
static int wait_until(struct batch *b, double end_s)
{
	double left_ms;

	while (!interrupted &&
	       (left_ms = (end_s - clock_now_s()) * 1000) > 0) {
		int ms = left_ms < OUTPUT_LOOK_MS ? left_ms + 1 :
						    OUTPUT_LOOK_MS;

		if (output_wait(b, ms))
			return b->output_err;
	}
	return !interrupted;
}

/* Reads rings until then, or until all machines have ended; the same. */
static int drain_until(struct batch *b, double end_s)
{
	int got = 1;

	while (got > 0) {
		double again_s = watch_drain(b->w, WATCH_DRAIN_ALL) / 1e3 +
			clock_now_s();

		if (clock_now_s() >= end_s || !watch_any(b->w))
			return !interrupted;
		got = wait_until(b, again_s < end_s ? again_s : end_s);
	}
	return got;
}

/* 1: an interval, 0: interrupted, or a negative errno. */
static int interval_live(struct batch *b)
{
	int got = drain_until(b, b->start_s + b->o->delay_s);
	double start_s = b->start_s;

	if (got <= 0)
		return got;
	watch_refresh(b->w);
	b->start_s = clock_now_s();
	return watch_end_interval(b->w, b->start_s - start_s);
}

/* 1: an interval, 0: interrupted or at the trace's end, a negative errno. */
static int interval_replay(struct batch *b)
{
	const struct options *o = b->o;
	double length = o->once && !o->delay_given ? 0 : o->delay_s;
	int got = 1;

	if (o->speed > 0)
		got = wait_until(b, clock_now_s() + length / o->speed);
	return got > 0 ? watch_end_interval(b->w, length) : got;
}

/* Says what happened to what is watched, once. 0 or -ENOMEM. */
static int note_say(struct batch *b)
{
	struct watch_status status;

	watch_status(b->w, &status);
	b->damaged = status.damaged;
	if (!strcmp(status.note, b->noted ? b->noted : ""))
		return 0;
	free(b->noted);
	b->noted = strdup(status.note);
	if (!b->noted)
		return -ENOMEM;
	if (b->format->note)
		b->format->note(stdout, b->noted);
	else
		cmd_error("%s", b->noted);
	return 0;
}

/* Prints intervals until there are no more: 0 or a negative errno. */
static int intervals_print(struct batch *b)
{
	unsigned long left = b->o->intervals;
	int got;

	if (b->format->begin)
		b->format->begin(stdout);
	while (!output_flush(b) && watch_any(b->w) && !interrupted &&
	       (!b->o->intervals || left--)) {
		got = b->o->replay ? interval_replay(b) : interval_live(b);
		errno = 0;
		if (got > 0)
			got = b->format->interval(stdout, b->w);
		else if (!got)
			break;
		if (got >= 0)
			got = note_say(b);
		if (got < 0)
			return got;
	}
	return b->output_err;
}

/* An exit status; a reader that left ends us as it ends other programs. */
static int failed(const struct batch *b, int err)
{
	if (b->output_err == -EPIPE)
		raise(SIGPIPE);
	if (b->output_err)
		cmd_error("cannot write the output: %s", strerror(-err));
	else
		cmd_error("%s", *watch_error(b->w) ? watch_error(b->w) :
			  strerror(-err));
	return CMD_ERROR;
}

int batch_run(struct watch *w, const struct options *o)
{
	struct batch b = {
		.w = w, .o = o, .format = formats[o->format],
		.start_s = clock_now_s(),
	};
	int err;

	interrupt_catch_usual();
	/* a shell's background jobs ignore it, and end by it all the same */
	interrupt_catch(SIGINT);
	interrupt_catch(SIGTERM);
	signal(SIGPIPE, SIG_DFL);
	watch_refresh(w);
	err = intervals_print(&b);
	free(b.noted);
	if (err)
		return failed(&b, err);
	return b.damaged ? CMD_ERROR : CMD_DONE;
}
