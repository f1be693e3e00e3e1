/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals while curses has the terminal: those that ask for an end, those that
 * stop and continue, and those that kill. Whatever comes, the terminal is left
 * as it was found.
 */
#ifndef VMTOP_SCREEN_SIGNALS_H
#define VMTOP_SCREEN_SIGNALS_H

#include <stdbool.h>

/*
 * Takes the signals over and notes how the terminal is, before newterm():
 * curses leaves alone whatever signal has a handler.
 */
void signals_begin(void);
/* Gives them back, after endwin(). */
void signals_end(void);

/* Has one asked for the end? */
bool signals_ended(void);
/*
 * Stops here if that was asked for, the terminal given back meanwhile. true:
 * we were stopped, and the screen must be drawn anew.
 */
bool signals_stop(void);

#endif
