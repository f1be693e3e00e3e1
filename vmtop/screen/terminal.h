/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal that a live view needs.
 */
#ifndef VMTOP_SCREEN_TERMINAL_H
#define VMTOP_SCREEN_TERMINAL_H

#include <stdbool.h>

#define TERMINAL_COLUMNS_MIN	60
#define TERMINAL_LINES_MIN	12

/* Is there one that is large enough? false, after having told the user. */
bool terminal_possible(void);
/*
 * Forgets the size that was exported once, where the terminal says itself how
 * large it is. (curses' own way, use_tioctl(), does not redraw what a terminal
 * moved when it became smaller.)
 */
void terminal_forget_size(void);

#endif
