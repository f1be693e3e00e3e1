/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Choosing the columns of a panel and their order.
 */
#include "vmtop/screen/view_state.h"

#include <curses.h>

size_t fields_list(const struct view *v,
		   const struct column *list[TABLE_COLUMNS])
{
	const struct table_choice *choice = &v->choice[v->at.panel];
	size_t count;

	for (count = 0; count < choice->columns; count++)
		list[count] = choice->column[count];
	for (const struct column *c = columns; c->name; c++) {
		bool shown = false;

		for (size_t i = 0; i < choice->columns; i++)
			shown |= choice->column[i] == c;
		if (!shown && count < TABLE_COLUMNS &&
		    table_has(view_panel(v), c))
			list[count++] = c;
	}
	return count;
}

/* Under their title and above the status line. */
static size_t fields_lines(void)
{
	return LINES - VIEW_FIELDS_AT - 1;
}

size_t fields_top(const struct view *v)
{
	size_t lines = fields_lines();

	return v->field >= lines ? v->field - lines + 1 : 0;
}

static void field_toggle(struct view *v, const struct column *c)
{
	struct table_choice *choice = view_choice(v);

	if (v->field >= choice->columns) {
		choice->column[choice->columns] = c;
		v->field = choice->columns++;
		return;
	}
	if (choice->columns == 1) {
		view_message(v, "one field must stay");
		return;
	}
	for (size_t i = v->field; i + 1 < choice->columns; i++)
		choice->column[i] = choice->column[i + 1];
	choice->columns--;
}

static void field_move(struct view *v, int by)
{
	struct table_choice *choice = view_choice(v);
	size_t to = v->field + by;
	const struct column *c;

	if (v->field >= choice->columns || to >= choice->columns)
		return;
	c = choice->column[to];
	choice->column[to] = choice->column[v->field];
	choice->column[v->field] = c;
	v->field = to;
}

void fields_click(struct view *v, size_t line)
{
	const struct column *list[TABLE_COLUMNS];
	size_t at = fields_top(v) + line;

	if (line < fields_lines() && at < fields_list(v, list)) {
		v->field = at;
		field_toggle(v, list[at]);
	}
}

void fields_key(struct view *v, int key)
{
	const struct column *list[TABLE_COLUMNS];
	size_t count = fields_list(v, list);

	switch (key) {
	case KEY_UP:
	case 'k':
		v->field -= v->field > 0;
		break;
	case KEY_DOWN:
	case 'j':
		v->field += v->field + 1 < count;
		break;
	case ' ':
		field_toggle(v, list[v->field]);
		break;
	case '<':
	case KEY_LEFT:
		field_move(v, -1);
		break;
	case '>':
	case KEY_RIGHT:
		field_move(v, 1);
		break;
	case 'f':
	case 'q':
	case '\r':
	case 27:
		v->mode = VIEW_ROWS;
		view_fill(v);
		break;
	}
}
