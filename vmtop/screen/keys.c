/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What keys do. They are those of top, xentop and kvm_stat where these agree.
 */
#include "vmtop/screen/view_state.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_ESCAPE 27
#define KEY_CTRL_L ('L' & 0x1f)

const struct view_key view_keys[] = {
	{ "1 to 8, Tab", "another panel" },
	{ "Up Down k j", "select a row; also PgUp, PgDn, Home, End" },
	{ "Enter", "inside: VM, vCPUs, exits, functions" },
	{ "Esc Backspace", "back out of it" },
	{ "/", "show only rows that contain a text" },
	{ "s S", "sort by the next column, the one before" },
	{ "o", "turn the order around" },
	{ "f", "choose fields and their order" },
	{ "d", "length of an interval" },
	{ "p Space", "pause; events are still counted" },
	{ "Left Right < >", "pause, show earlier and later intervals" },
	{ "r", "reset: totals and the past begin anew" },
	{ "R", "record the row's machine, or end that" },
	{ "w", "write all that was chosen to the settings" },
	{ "m", "mouse on or off; with Shift, marks text" },
	{ "Ctrl-L", "draw the screen anew" },
	{ "h ?", "this help; any key ends it" },
	{ "q", "quit" },
	{ 0 }
};

void row_select(struct view *v, size_t row)
{
	size_t rows = v->table.rows.count;

	if (!rows)
		return;
	v->cursor = row < rows ? row : rows - 1;
	item_key(table_row(&v->table, v->cursor), &v->at.selected);
	/* at the top one stays at the top, whatever comes there */
	v->at.has_selected = v->cursor > 0;
}

void row_select_by(struct view *v, long by)
{
	row_select(v, by < 0 && v->cursor < (size_t)-by ? 0 : v->cursor + by);
}

static void place_enter(struct view *v)
{
	v->cursor = 0;
	v->top = 0;
	view_fill(v);
}

void panel_show(struct view *v, size_t panel)
{
	v->at.panel = panel;
	v->at.has_selected = false;
	place_enter(v);
}

/* Makes room for where we come from; false: there is none. */
static bool trail_grow(struct view *v)
{
	size_t max = v->trail_max ? 2 * v->trail_max : 4;
	struct view_place *grown;

	if (v->depth < v->trail_max)
		return true;
	grown = reallocarray(v->trail, max, sizeof(*grown));
	if (!grown) {
		view_message(v, "out of memory");
		return false;
	}
	v->trail = grown;
	v->trail_max = max;
	return true;
}

static void drill_in(struct view *v)
{
	const char *next = view_panel(v)->next;
	const struct item *item;
	size_t panel = 0;

	if (!v->table.rows.count || !next || !trail_grow(v))
		return;
	item = table_row(&v->table, v->cursor);
	while (panels[panel] != panel_find(next))
		panel++;
	item_key(item, &v->at.selected);
	v->at.has_selected = true;
	v->trail[v->depth++] = v->at;
	v->at.scope.target = item->at.target;
	snprintf(v->at.machine, sizeof(v->at.machine), "%s",
		 watch_name(v->w, item->at.target));
	/* a row that stands for all of them narrows nothing */
	if (item->at.vm != SNAPSHOT_ALL)
		v->at.scope.vm = item->at.vm;
	if (item->at.vcpu != SNAPSHOT_ALL)
		v->at.scope.vcpu = item->at.vcpu;
	if (item->at.reason != SNAPSHOT_ALL)
		v->at.scope.reason = item->at.reason;
	v->filter[0] = '\0';
	panel_show(v, panel);
}

static void drill_out(struct view *v)
{
	if (*v->filter) {
		v->filter[0] = '\0';
		view_fill(v);
		return;
	}
	if (!v->depth)
		return;
	v->at = v->trail[--v->depth];
	place_enter(v);
}

void sort_by(struct view *v, const struct column *c)
{
	struct table_choice *choice = view_choice(v);

	choice->ascending = choice->sort == c ? !choice->ascending :
						c->kind == COLUMN_TEXT;
	choice->sort = c;
	view_fill(v);
}

static void sort_next(struct view *v, int by)
{
	struct table_choice *choice = view_choice(v);
	size_t at = 0;

	while (at < choice->columns && choice->column[at] != choice->sort)
		at++;
	if (at == choice->columns)
		at = by > 0 ? choice->columns - 1 : 0;
	at = (at + choice->columns + by) % choice->columns;
	sort_by(v, choice->column[at]);
}

static void ask(struct view *v, const char *question,
		void (*answered)(struct view *v, const char *answer))
{
	v->question = question;
	v->answer[0] = '\0';
	v->answered = answered;
	v->mode = VIEW_PROMPT;
}

static void filter_set(struct view *v, const char *answer)
{
	strcpy(v->filter, answer);
	view_fill(v);
}

static void delay_set(struct view *v, const char *answer)
{
	char *end;
	double delay = strtod(answer, &end);

	if (!*answer)
		return;
	if (*end || !(delay >= 0.05 && delay <= 3600))
		view_message(v, "'%s' is no delay from 0.05 to 3600 s", answer);
	else
		v->delay_s = delay;
}

static void pause_turn(struct view *v)
{
	v->paused = !v->paused;
	v->back = 0;
	view_fill(v);
}

/* Into the past and back. */
static void step(struct view *v, int by)
{
	size_t pasts = watch_pasts(v->w);

	if (by > 0 && v->back + 1 < pasts)
		v->back++;
	else if (by < 0 && v->back)
		v->back--;
	v->paused = true;
	view_fill(v);
}

static void reset(struct view *v)
{
	watch_reset(v->w);
	v->back = 0;
	v->paused = false;
	view_fill(v);
	view_message(v, "reset");
}

/* What does not move in it ends it. */
static void help_key(struct view *v, int key)
{
	size_t last = help_last();

	if (last && (key == KEY_DOWN || key == 'j' || key == KEY_NPAGE))
		v->help += v->help < last;
	else if (last && (key == KEY_UP || key == 'k' || key == KEY_PPAGE))
		v->help -= v->help > 0;
	else
		v->mode = VIEW_ROWS;
}

static void prompt_key(struct view *v, int key)
{
	size_t length = strlen(v->answer);

	if (key == '\r' || key == KEY_ENTER) {
		v->mode = VIEW_ROWS;
		v->answered(v, v->answer);
	} else if (key == KEY_ESCAPE) {
		v->mode = VIEW_ROWS;
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		if (length)
			v->answer[length - 1] = '\0';
	} else if (key >= ' ' && key <= '~' && length + 1 < VIEW_TEXT_BYTES) {
		v->answer[length] = key;
		v->answer[length + 1] = '\0';
	}
}

/* Those that move in the rows; false: none of them. */
static bool move_key(struct view *v, int key)
{
	switch (key) {
	case KEY_UP:
	case 'k':
		row_select_by(v, -1);
		return true;
	case KEY_DOWN:
	case 'j':
		row_select_by(v, 1);
		return true;
	case KEY_PPAGE:
		row_select_by(v, -(long)v->rows_shown);
		return true;
	case KEY_NPAGE:
		row_select_by(v, v->rows_shown);
		return true;
	case KEY_HOME:
		row_select(v, 0);
		return true;
	case KEY_END:
		row_select(v, SIZE_MAX);
		return true;
	case KEY_LEFT:
	case '<':
		step(v, 1);
		return true;
	case KEY_RIGHT:
	case '>':
		step(v, -1);
		return true;
	}
	return false;
}

static void command_key(struct view *v, int key)
{
	switch (key) {
	case 'q':
		v->quit = true;
		break;
	case 'h':
	case '?':
		v->help = 0;
		v->mode = VIEW_HELP;
		break;
	case '\t':
		panel_show(v, (v->at.panel + 1) % PANELS);
		break;
	case '\r':
	case KEY_ENTER:
		drill_in(v);
		break;
	case KEY_ESCAPE:
	case KEY_BACKSPACE:
	case 127:
		drill_out(v);
		break;
	case '/':
		ask(v, "show rows with", filter_set);
		break;
	case 's':
		sort_next(v, 1);
		break;
	case 'S':
		sort_next(v, -1);
		break;
	case 'o':
		view_choice(v)->ascending = !view_choice(v)->ascending;
		view_fill(v);
		break;
	case 'f':
		v->field = 0;
		v->mode = VIEW_FIELDS;
		break;
	case 'd':
		ask(v, "seconds between intervals", delay_set);
		break;
	case 'p':
	case ' ':
		pause_turn(v);
		break;
	case 'r':
		reset(v);
		break;
	case 'R':
		recordings_turn(v);
		break;
	case 'w':
		settings_save(v);
		break;
	case 'm':
		mouse_use(v, !v->mouse);
		view_message(v, "mouse %s", v->mouse ? "on" : "off");
		break;
	}
}

void key_press(struct view *v, int key)
{
	/* the window's size is new: drawing is all there is to do */
	if (key == KEY_RESIZE) {
		v->help = 0;
		return;
	}
	/* what others wrote there goes with the next drawing */
	if (key == KEY_CTRL_L) {
		clearok(curscr, TRUE);
		return;
	}
	free(v->message);
	v->message = NULL;
	if (key == KEY_MOUSE) {
		mouse_press(v);
	} else if (v->mode == VIEW_HELP) {
		help_key(v, key);
	} else if (v->mode == VIEW_FIELDS) {
		fields_key(v, key);
	} else if (v->mode == VIEW_PROMPT) {
		prompt_key(v, key);
	} else if (key >= '1' && key < '1' + PANELS) {
		panel_show(v, key - '1');
	} else if (!move_key(v, key)) {
		command_key(v, key);
	}
}
