/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys and their functions. They are those of top, xentop and kvm_stat
 * where these agree.
 */
#include "vmtop/screen/view_state.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_ESCAPE 27
#define KEY_CTRL_L ('L' & 0x1f)

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

static void drill_in(struct view *v, int by)
{
	const struct panel *next = view_panel(v)->next;
	const struct item *item;
	size_t panel = 0;

	(void)by;
	if (!v->table.rows.count || !next || !trail_grow(v))
		return;
	item = table_row(&v->table, v->cursor);
	while (panels[panel] != next)
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

static void drill_out(struct view *v, int by)
{
	(void)by;
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
						column_is_text(c);
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
		view_message(v, "the delay must be 0.05 to 3600 s, not '%s'",
			     answer);
	else
		v->delay_s = delay;
}

static void pause_turn(struct view *v, int by)
{
	(void)by;
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

static void reset(struct view *v, int by)
{
	(void)by;
	watch_reset(v->w);
	v->back = 0;
	v->paused = false;
	view_fill(v);
	view_message(v, "reset");
}

/* Any key that does not scroll closes the help. */
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

static void row_move(struct view *v, int by)
{
	row_select_by(v, by);
}

static void page_move(struct view *v, int by)
{
	row_select_by(v, by * (long)v->rows_shown);
}

static void end_move(struct view *v, int by)
{
	row_select(v, by < 0 ? 0 : SIZE_MAX);
}

static void panel_next(struct view *v, int by)
{
	panel_show(v, (v->at.panel + by) % PANELS);
}

static void order_turn(struct view *v, int by)
{
	(void)by;
	view_choice(v)->ascending = !view_choice(v)->ascending;
	view_fill(v);
}

static void filter_ask(struct view *v, int by)
{
	(void)by;
	ask(v, "show rows with", filter_set);
}

static void delay_ask(struct view *v, int by)
{
	(void)by;
	ask(v, "seconds between intervals", delay_set);
}

static void fields_begin(struct view *v, int by)
{
	(void)by;
	v->field = 0;
	v->mode = VIEW_FIELDS;
}

static void help_begin(struct view *v, int by)
{
	(void)by;
	v->help = 0;
	v->mode = VIEW_HELP;
}

static void record(struct view *v, int by)
{
	(void)by;
	recordings_turn(v);
}

static void save(struct view *v, int by)
{
	(void)by;
	settings_save(v);
}

static void mouse_turn(struct view *v, int by)
{
	(void)by;
	mouse_use(v, !v->mouse);
	view_message(v, "mouse %s", v->mouse ? "on" : "off");
}

/* Draws over whatever others wrote to the terminal. */
static void draw_anew(struct view *v, int by)
{
	(void)v;
	(void)by;
	clearok(curscr, TRUE);
}

static void quit(struct view *v, int by)
{
	(void)by;
	v->quit = true;
}

const struct view_key view_keys[] = {
	{ "Tab", "the next panel", { '\t' }, panel_next, 1 },
	{ "Up Down k j", "select a row; also PgUp PgDn Home End",
	  { KEY_UP, 'k' }, row_move, -1 },
	{ NULL, NULL, { KEY_DOWN, 'j' }, row_move, 1 },
	{ NULL, NULL, { KEY_PPAGE }, page_move, -1 },
	{ NULL, NULL, { KEY_NPAGE }, page_move, 1 },
	{ NULL, NULL, { KEY_HOME }, end_move, -1 },
	{ NULL, NULL, { KEY_END }, end_move, 1 },
	{ "Enter", "inside: VM, vCPUs, exits, functions",
	  { '\r', KEY_ENTER }, drill_in, 0 },
	{ "Esc Backspace", "back out of it",
	  { KEY_ESCAPE, KEY_BACKSPACE, 127 }, drill_out, 0 },
	{ "/", "show only rows that contain a text", { '/' }, filter_ask, 0 },
	{ "s S", "sort by the next column, the one before",
	  { 's' }, sort_next, 1 },
	{ NULL, NULL, { 'S' }, sort_next, -1 },
	{ "o", "turn the order around", { 'o' }, order_turn, 0 },
	{ "f", "choose fields and their order", { 'f' }, fields_begin, 0 },
	{ "d", "length of an interval", { 'd' }, delay_ask, 0 },
	{ "p Space", "pause; events are still counted",
	  { 'p', ' ' }, pause_turn, 0 },
	{ "Left Right < >", "pause, show earlier and later intervals",
	  { KEY_LEFT, '<' }, step, 1 },
	{ NULL, NULL, { KEY_RIGHT, '>' }, step, -1 },
	{ "r", "reset: totals and the past begin anew", { 'r' }, reset, 0 },
	{ "R", "record the row's machine, or end that", { 'R' }, record, 0 },
	{ "w", "write all that was chosen to the settings", { 'w' }, save, 0 },
	{ "m", "mouse on or off; with Shift, marks text",
	  { 'm' }, mouse_turn, 0 },
	{ "Ctrl-L", "draw the screen anew", { KEY_CTRL_L }, draw_anew, 0 },
	{ "h ?", "this help; any other key closes it",
	  { 'h', '?' }, help_begin, 0 },
	{ "q", "quit", { 'q' }, quit, 0 },
	{ 0 }
};

static const struct view_key *key_find(int key)
{
	for (const struct view_key *k = view_keys; k->press; k++)
		for (size_t i = 0; i < VIEW_KEY_CODES && k->key[i]; i++)
			if (k->key[i] == key)
				return k;
	return NULL;
}

/* A panel's key, or one of the table's. */
static void rows_key(struct view *v, int key)
{
	const struct view_key *k = key_find(key);

	for (size_t i = 0; i < PANELS; i++)
		if (panels[i]->key == key)
			panel_show(v, i);
	if (k)
		k->press(v, k->by);
}

void key_press(struct view *v, int key)
{
	/* the window's size is new: drawing is all there is to do */
	if (key == KEY_RESIZE) {
		v->help = 0;
		return;
	}
	if (key == KEY_CTRL_L) {
		draw_anew(v, 0);
		return;
	}
	free(v->message);
	v->message = NULL;
	if (key == KEY_MOUSE)
		mouse_press(v);
	else if (v->mode == VIEW_HELP)
		help_key(v, key);
	else if (v->mode == VIEW_FIELDS)
		fields_key(v, key);
	else if (v->mode == VIEW_PROMPT)
		prompt_key(v, key);
	else
		rows_key(v, key);
}
