/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop of the live view: rings, intervals and keys, each when it is due.
 */
#include "vmtop/screen/view.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/clock.h"
#include "command/command.h"
#include "vmtop/screen/signals.h"
#include "vmtop/screen/terminal.h"
#include "vmtop/screen/view_state.h"

/* The first interval is short: there is something to see at once. */
#define FIRST_S		0.1
#define REFRESH_S	1
/* how soon to ask whether symbols were found */
#define SYMBOLS_MS	5
/* So long an interval that is over waits for the records it still lacks. */
#define LATE_S		0.1
/* A signal that came just before we wait is seen then. */
#define IDLE_MS		500
/* A replay as fast as possible gives way to keys that often. */
#define REPLAY_SLICE_S	0.05

void view_message(struct view *v, const char *fmt, ...)
{
	va_list args;

	free(v->message);
	va_start(args, fmt);
	if (vasprintf(&v->message, fmt, args) < 0)
		v->message = NULL;
	va_end(args);
}

int view_fill(struct view *v)
{
	int err = table_fill(&v->table, view_panel(v), view_choice(v), v->w,
			     v->back, &v->at.scope, v->filter);
	size_t rows = v->table.rows.count;

	if (err) {
		view_message(v, "%s", strerror(-err));
		return err;
	}
	if (v->at.has_selected)
		v->cursor = table_find(&v->table, &v->at.selected, v->cursor);
	if (v->cursor >= rows)
		v->cursor = rows ? rows - 1 : 0;
	return 0;
}

/* Adds the column of machines where there are several. */
static void machines_name(struct view *v)
{
	if (v->machines_named || watch_targets(v->w) < 2)
		return;
	v->machines_named = true;
	for (size_t i = 0; i < PANELS; i++) {
		struct table_choice *choice = &v->choice[i];
		const struct column *c = column_find("machine", 7);
		size_t at = 0;

		while (at < choice->columns && choice->column[at] != c)
			at++;
		if (at < choice->columns)
			continue;
		memmove(&choice->column[1], &choice->column[0],
			choice->columns++ * sizeof(choice->column[0]));
		choice->column[0] = c;
	}
}

/* Keeps the interval that is looked at while new ones come. */
static void interval_came(struct view *v)
{
	if (v->paused && v->back + 1 < watch_pasts(v->w))
		v->back++;
	machines_name(v);
	view_fill(v);
}

static void interval_end(struct view *v, double seconds)
{
	int got = watch_end_interval(v->w, seconds);

	if (got < 0)
		view_message(v, "%s", *watch_error(v->w) ?
			     watch_error(v->w) : strerror(-got));
	else if (got)
		interval_came(v);
}

/*
 * Until all machines were asked for symbols intervals are short: the first one
 * to have the names comes soon.
 */
static double interval_s(const struct view *v)
{
	return v->symbols_seen || v->delay_s < FIRST_S ? v->delay_s : FIRST_S;
}

/*
 * One machine's at a time, and keys between. In how many milliseconds to ask
 * again; -1: there is no more to do.
 */
static int symbols_take(struct view *v)
{
	if (v->symbols_of >= watch_targets(v->w)) {
		v->symbols_seen |= watch_pasts(v->w) > 0;
		return -1;
	}
	if (watch_symbols(v->w, v->symbols_of, false) > 0)
		return SYMBOLS_MS;
	v->symbols_of++;
	return 0;
}

/* Machines came or went: another one may have the place that is shown. */
static void machines_changed(struct view *v)
{
	int target = v->at.scope.target;

	if (target != SNAPSHOT_ALL &&
	    strcmp(watch_name(v->w, target), v->at.machine)) {
		v->at.scope = (struct scope)SCOPE_ALL;
		v->depth = 0;
	}
	view_fill(v);
}

/* In how many milliseconds there is something to do. */
static int tick_live(struct view *v, double *start_s, double *due_s,
		     double *refresh_s)
{
	int ms = watch_drain(v->w, WATCH_DRAIN_SOME), symbols_ms = -1;
	double now = clock_now_s();

	if (now >= *due_s && (ms || now >= *due_s + LATE_S)) {
		interval_end(v, now - *start_s);
		*start_s = now;
		*due_s = now + interval_s(v);
		draw_screen(v);
	}
	if (now >= *refresh_s && watch_pasts(v->w)) {
		if (watch_find_machines(v->w))
			machines_changed(v);
		v->symbols_of = 0;
		*refresh_s = now + REFRESH_S;
	}
	if (watch_pasts(v->w))
		symbols_ms = symbols_take(v);
	if (symbols_ms >= 0 && symbols_ms < ms)
		ms = symbols_ms;
	if ((*due_s - now) * 1000 < ms)
		ms = (*due_s - now) * 1000 + 1;
	return ms > 0 ? ms : 0;
}

static int tick_replay(struct view *v, double speed, double *due_s)
{
	double now = clock_now_s(), slice = now + REPLAY_SLICE_S;
	bool came = false;

	if (!watch_any(v->w))
		return IDLE_MS;
	while (watch_any(v->w) && (speed > 0 ? now >= *due_s : now < slice)) {
		interval_end(v, v->delay_s);
		came = true;
		if (speed > 0)
			*due_s = now + v->delay_s / speed;
		else
			now = clock_now_s();
	}
	if (came)
		draw_screen(v);
	if (!watch_any(v->w))
		return IDLE_MS;
	return speed > 0 ? (*due_s - now) * 1000 + 1 : 0;
}

static void keys_take(struct view *v)
{
	int key;

	while (!v->quit && (key = getch()) != ERR)
		key_press(v, key);
	draw_screen(v);
}

static void view_loop(struct view *v, const struct options *o)
{
	double start_s = clock_now_s(), due_s = start_s + FIRST_S;
	double refresh_s = start_s;
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	if (o->replay)
		due_s = start_s;
	while (!v->quit && !signals_ended()) {
		int ms = o->replay ? tick_replay(v, o->speed, &due_s) :
			tick_live(v, &start_s, &due_s, &refresh_s);
		int got = poll(&in, 1, ms);

		if (recordings_poll(v))
			draw_screen(v);
		if (signals_stop()) {
			clearok(curscr, TRUE);
			draw_screen(v);
		}
		/* a signal: the window may have a new size */
		if (got > 0 || (got < 0 && errno == EINTR))
			keys_take(v);
		if (got > 0 && in.revents & (POLLHUP | POLLERR | POLLNVAL))
			break;
	}
}

static void curses_begin(struct view *v)
{
	const char *no_color = getenv("NO_COLOR");

	v->color = has_colors() && !(no_color && *no_color);
	if (v->color) {
		start_color();
		use_default_colors();
		init_pair(1, COLOR_CYAN, -1);
		init_pair(2, COLOR_RED, -1);
		init_pair(3, COLOR_GREEN, -1);
	}
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	mouse_use(v, v->mouse);
}

int view_run(struct watch *w, const struct options *o)
{
	struct view *v = calloc(1, sizeof(*v));
	SCREEN *screen;
	bool good;

	if (!v) {
		cmd_error("out of memory");
		return CMD_ERROR;
	}
	signals_begin();
	terminal_forget_size();
	screen = newterm(NULL, stdout, stdin);
	if (!screen) {
		signals_end();
		cmd_error("cannot show the live view: curses does not start on "
			  "this terminal; give -b");
		free(v);
		return CMD_ERROR;
	}
	v->w = w;
	v->replay = o->replay;
	v->delay_s = o->delay_s;
	v->at.scope = (struct scope)SCOPE_ALL;
	v->mouse = true;
	for (size_t i = 0; i < PANELS; i++)
		table_choice_default(&v->choice[i], panels[i]);
	settings_load(v);
	if (o->delay_given)
		v->delay_s = o->delay_s;
	curses_begin(v);
	draw_screen(v);
	view_loop(v, o);
	endwin();
	signals_end();
	delscreen(screen);
	good = recordings_end(v);
	table_exit(&v->table);
	free(v->trail);
	free(v->message);
	free(v);
	return good ? CMD_DONE : CMD_ERROR;
}
