/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What takes the place of the rows for a while: help and the choice of fields.
 */
#include "vmtop/screen/view_state.h"

#include <curses.h>

#define HELP_AT 2

size_t help_last(void)
{
	size_t lines = LINES - HELP_AT - 1, keys = 0;

	while (view_keys[keys].keys)
		keys++;
	return keys > lines ? keys - lines : 0;
}

void draw_help(const struct view *v)
{
	const struct view_key *k = &view_keys[v->help];

	attron(A_BOLD);
	mvaddstr(1, 0, "Keys");
	attroff(A_BOLD);
	if (help_last())
		addstr("  (Up and Down show the others)");
	for (int line = HELP_AT; k->keys && line < LINES - 1; k++, line++) {
		mvprintw(line, 2, "%-16s ", k->keys);
		addnstr(k->help, COLS - getcurx(stdscr));
	}
}

void draw_fields(const struct view *v)
{
	const struct column *list[TABLE_COLUMNS];
	size_t count = fields_list(v, list), top = fields_top(v);

	attron(A_BOLD);
	mvprintw(1, 0, "Fields of %s", view_panel(v)->title);
	attroff(A_BOLD);
	mvaddstr(2, 0, "Space shows or hides, < and > move, f is done");
	for (size_t i = top; i < count; i++) {
		int line = VIEW_FIELDS_AT + (int)(i - top);

		if (line >= LINES - 1)
			break;
		if (i == v->field)
			attron(A_REVERSE);
		mvprintw(line, 0, "%c %-10s %-12s %s",
			 i < v->choice[v->at.panel].columns ? '*' : ' ',
			 list[i]->name, list[i]->heading, list[i]->help);
		attroff(A_REVERSE);
	}
}
