/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mouse: a click selects a row, sorts by a heading or shows a
 * panel, and the wheel scrolls. Terminals leave it to us only while it is on;
 * with Shift they keep it, so that text can be copied.
 */
#include "vmtop/screen/view_state.h"

#include <curses.h>

#define WHEEL_ROWS 3

void mouse_use(struct view *v, bool on)
{
	v->mouse = on;
	/* a press is a click: nothing waits to see whether it is a double one */
	mouseinterval(0);
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0,
		  NULL);
}

static void row_click(struct view *v, size_t line)
{
	if (line < v->rows_shown && v->top + line < v->table.rows.count)
		row_select(v, v->top + line);
}

static void rows_click(struct view *v, int x, int y)
{
	const struct column *c;
	size_t panel;

	if (y == VIEW_PANELS_AT) {
		panel = draw_panel_at(x);
		if (panel < PANELS)
			panel_show(v, panel);
	} else if (y == VIEW_HEADINGS_AT) {
		c = draw_column_at(v, x);
		if (c)
			sort_by(v, c);
	} else if (y >= VIEW_ROWS_AT) {
		row_click(v, y - VIEW_ROWS_AT);
	}
}

static void click(struct view *v, int x, int y)
{
	if (v->mode == VIEW_ROWS)
		rows_click(v, x, y);
	else if (v->mode == VIEW_HELP)
		v->mode = VIEW_ROWS;
	else if (v->mode == VIEW_FIELDS && y >= VIEW_FIELDS_AT)
		fields_click(v, y - VIEW_FIELDS_AT);
}

static void wheel(struct view *v, int by)
{
	if (v->mode == VIEW_ROWS)
		row_select_by(v, by * WHEEL_ROWS);
	else if (v->mode != VIEW_PROMPT)
		key_press(v, by < 0 ? KEY_UP : KEY_DOWN);
}

void mouse_press(struct view *v)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return;
	if (event.bstate & BUTTON1_PRESSED)
		click(v, event.x, event.y);
	else if (event.bstate & BUTTON4_PRESSED)
		wheel(v, -1);
	else if (event.bstate & BUTTON5_PRESSED)
		wheel(v, 1);
}
