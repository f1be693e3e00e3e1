/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What takes the place of the rows for a while: help and the choice of fields.
 */
#include "vmtop/view_state.h"

#include <curses.h>

void draw_help(const struct view *v)
{
	int line = 2;

	(void)v;
	attron(A_BOLD);
	mvaddstr(1, 0, "Keys");
	attroff(A_BOLD);
	for (const struct view_key *k = view_keys; k->keys && line < LINES - 1;
	     k++)
		mvprintw(line++, 0, "  %-16s %s", k->keys, k->help);
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
