/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a live view can be had here. Apart from what draws, since <term.h>
 * takes words like "columns" and "lines" for itself.
 */
#include "vmtop/screen/terminal.h"

#include <curses.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "command/command.h"

/* newterm() would keep memory of one that is not known. */
static bool terminal_usable(void)
{
	int found = 0;

	const char *name = getenv("TERM");
	bool moves;

	if (setupterm(NULL, STDOUT_FILENO, &found) != OK) {
		cmd_error("cannot show the live view: the terminal '%s' is not "
			  "known here; set TERM, or give -b",
			  name ? name : "");
		return false;
	}
	/* curses would start there, and show nothing */
	moves = cursor_address;
	del_curterm(cur_term);
	if (!moves)
		cmd_error("cannot show the live view: the terminal '%s' cannot "
			  "move its cursor; set TERM, or give -b",
			  name ? name : "");
	return moves;
}

void terminal_forget_size(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ||
	    !size.ws_row)
		return;
	unsetenv("LINES");
	unsetenv("COLUMNS");
}

bool terminal_possible(void)
{
	struct winsize size;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		cmd_error("cannot show the live view: this is not a terminal; "
			  "to print instead, give -b or --once");
		return false;
	}
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col &&
	    (size.ws_col < TERMINAL_COLUMNS_MIN || size.ws_row < TERMINAL_LINES_MIN)) {
		cmd_error("cannot show the live view: the terminal has %u "
			  "columns and %u lines, and needs %u and %u; "
			  "make it larger, or give -b", size.ws_col, size.ws_row,
			    TERMINAL_COLUMNS_MIN, TERMINAL_LINES_MIN);
		return false;
	}
	return terminal_usable();
}
