/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * curses may be anywhere when a signal kills us, so its endwin() cannot be
 * called then: what to write is made beforehand, and the handler only writes.
 * Stopping is a note for the loop, where curses can be asked.
 */
#include "vmtop/screen/signals.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* The longest that any terminal needs is a fraction of that. */
#define RESTORE_BYTES	1024
#define STACK_BYTES	65536
/* ncurses sends this where a terminal's description has no XM. */
#define MOUSE_OFF	"\033[?1000l"

static volatile sig_atomic_t ended, stop_asked, continued;

/* set before the handlers that read them */
static struct termios before;
static bool before_known;
static char restore[RESTORE_BYTES];
static size_t restore_bytes;
static struct sigaction action_before[_NSIG];

static void end_note(int sig)
{
	(void)sig;
	ended = 1;
}

static void stop_note(int sig)
{
	(void)sig;
	stop_asked = 1;
}

static void continue_note(int sig)
{
	(void)sig;
	continued = 1;
}

/* Is the terminal ours? A shell has it while we are in the background. */
static bool in_foreground(void)
{
	pid_t group = tcgetpgrp(STDOUT_FILENO);

	return group < 0 || group == getpgrp();
}

/* Async-signal-safe, all of it. */
static void die(int sig)
{
	int err = errno;

	if (in_foreground()) {
		/* there is nobody to tell that it cannot be restored */
		if (write(STDOUT_FILENO, restore, restore_bytes) < 0)
			errno = 0;
		if (before_known)
			tcsetattr(STDOUT_FILENO, TCSANOW, &before);
	}
	sigaction(sig, &action_before[sig], NULL);
	/* comes when this handler returns, as does a fault that repeats */
	raise(sig);
	errno = err;
}

/* For tputs(). */
static int restore_put(int c)
{
	if (restore_bytes < RESTORE_BYTES)
		restore[restore_bytes++] = c;
	return c;
}

static void restore_add(const char *capability)
{
	if (capability && capability != (char *)-1)
		tputs(capability, 1, restore_put);
}

/* Expects a terminal that terminal_possible() has found usable. */
static void restore_make(void)
{
	char *mouse;
	int found;

	if (setupterm(NULL, STDOUT_FILENO, &found) != OK)
		return;
	mouse = tigetstr("XM");
	if (mouse && mouse != (char *)-1)
		restore_add(tparm(mouse, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	else if (key_mouse)
		restore_add(MOUSE_OFF);
	restore_add(exit_attribute_mode);
	restore_add(orig_pair);
	restore_add(cursor_normal);
	restore_add(keypad_local);
	restore_add(exit_ca_mode);
	del_curterm(cur_term);
}

/* Keeps what a parent ignored as it is, unless `always`. */
static void take(int sig, void (*handler)(int sig), int flags, bool always)
{
	const struct sigaction act = {
		.sa_handler = handler, .sa_flags = flags,
	};

	if (sigaction(sig, NULL, &action_before[sig]) ||
	    (action_before[sig].sa_handler == SIG_IGN && !always))
		return;
	sigaction(sig, &act, NULL);
}

/* Does it kill, unless something is done about it, and can it be caught? */
static bool is_fatal(int sig)
{
	static const int others[] = {
		SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGCHLD,
		SIGURG, SIGWINCH, SIGINT, SIGTERM, SIGHUP,
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (sig == others[i])
			return false;
	return true;
}

/* A stack that overflowed has no room for a handler. */
static void stack_use(void)
{
	static char stack[STACK_BYTES];
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };

	sigaltstack(&own, NULL);
}

void signals_begin(void)
{
	before_known = !tcgetattr(STDOUT_FILENO, &before);
	restore_make();
	stack_use();
	for (int sig = 1; sig < _NSIG; sig++)
		if (is_fatal(sig))
			take(sig, die, SA_ONSTACK, false);
	take(SIGINT, end_note, 0, true);
	take(SIGTERM, end_note, 0, true);
	take(SIGHUP, end_note, 0, true);
	take(SIGTSTP, stop_note, 0, false);
	take(SIGCONT, continue_note, 0, true);
}

void signals_end(void)
{
	for (int sig = 1; sig < _NSIG; sig++)
		if (is_fatal(sig) || sig == SIGTSTP)
			sigaction(sig, &action_before[sig], NULL);
}

bool signals_ended(void)
{
	return ended;
}

/* Until somebody continues us. */
static void stop_now(void)
{
	const struct sigaction stop = { .sa_handler = SIG_DFL };
	struct sigaction ours;

	endwin();
	sigaction(SIGTSTP, &stop, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}

bool signals_stop(void)
{
	bool asked = stop_asked, stopped = asked || continued;

	stop_asked = 0;
	if (asked)
		stop_now();
	/* one that could not be caught: a shell had the terminal meanwhile */
	else if (stopped)
		endwin();
	continued = 0;
	return stopped;
}
