/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The screen: title, panels, where we are, rows, and at the bottom what must
 * not be overlooked. Drawn anew as a whole; curses sends what changed.
 */
#include "vmtop/screen/view_state.h"

#include <curses.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tracer/event/event_names.h"
#include "tracer/event/printable.h"
#include "vmtop/screen/terminal.h"

#define BELOW		1	/* the status line */
#define TITLE_SHORT	4	/* cells of a panel's title */
#define SORT_CELLS	20	/* that say what rows are sorted by */
#define LINE_CELLS	512	/* no more, however wide the screen is */
#define CELL_BYTES	4	/* of UTF-8 */
#define HISTOGRAM_LINES	8	/* with its title, or where rows leave room: */
#define HISTOGRAM_TALL	20
#define HISTOGRAM_ABOVE	20	/* lines that a screen has before it has one */

static attr_t color(const struct view *v, short pair)
{
	return v->color ? COLOR_PAIR(pair) : A_NORMAL;
}

/* Cells that a text takes: bytes, but those that go on a character. */
static int text_cells(const char *text)
{
	int cells = 0;

	for (; *text; text++)
		cells += (*text & 0xc0) != 0x80;
	return cells;
}

/* From there to the end of that line at most, and not on the next one. */
static __attribute__((format(printf, 3, 4)))
void text_put(int line, int at, const char *fmt, ...)
{
	char text[LINE_CELLS];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (at < COLS)
		mvaddnstr(line, at, text, COLS - at);
}

/* When the interval that is shown ended. */
static double shown_at_s(const struct view *v, const struct watch_status *s)
{
	for (size_t t = 0; t < watch_targets(v->w); t++) {
		const struct snapshot *snap = watch_past(v->w, t, v->back);

		if (snap)
			return snap->at_s;
	}
	return s->at_s;
}

static void draw_title(const struct view *v, const struct watch_status *s)
{
	const char *name = watch_targets(v->w) == 1 ? watch_name(v->w, 0) :
						      "all machines";
	char title[ITEM_NAME_BYTES] = "vmtop - ", what[64] = "";
	char filter[VIEW_TEXT_BYTES + 16];
	size_t lead = strlen(title);

	printable_text(title + lead, sizeof(title) - lead, name);
	if (v->paused && v->back)
		snprintf(what, sizeof(what), "  PAUSED, %zu back", v->back);
	else if (v->paused)
		snprintf(what, sizeof(what), "  PAUSED");
	else if (s->replay && s->ended)
		snprintf(what, sizeof(what), "  END OF TRACE");
	snprintf(filter, sizeof(filter), *v->filter ? "  filter: %s" : "%s",
		 v->filter);
	attron(A_BOLD);
	text_put(0, 0, "%s", title);
	attroff(A_BOLD);
	text_put(0, strlen(title), "  at %.*f s, every %g s%s%s",
		 v->delay_s < 0.1 ? 3 : 1, shown_at_s(v, s), v->delay_s, what,
		 filter);
}

/* Where titles do not fit side by side, their beginnings do. */
static int titles_cells(void)
{
	size_t cells = 0;

	for (size_t i = 0; i < PANELS; i++)
		cells += strlen("[1 ]") + strlen(panels[i]->title);
	return cells <= (size_t)COLS ? (int)cells : TITLE_SHORT;
}

size_t draw_panel_at(int x)
{
	size_t cells = titles_cells(), end = 0;

	for (size_t i = 0; i < PANELS; i++) {
		size_t title = strlen(panels[i]->title);

		end += strlen("[1 ]") + (title < cells ? title : cells);
		if (x < (int)end)
			return i;
	}
	return PANELS;
}

static void draw_panels(const struct view *v)
{
	int cells = titles_cells();

	move(VIEW_PANELS_AT, 0);
	for (size_t i = 0; i < PANELS; i++) {
		bool here = i == v->at.panel;

		attrset(here ? A_BOLD | color(v, 3) : A_NORMAL);
		printw("%c%c %.*s%c", here ? '[' : ' ', panels[i]->key, cells,
		       panels[i]->title, here ? ']' : ' ');
	}
	attrset(A_NORMAL);
}

/* Were records lost in the interval that is shown, of what is shown? */
static bool is_lossy(const struct view *v)
{
	for (size_t t = 0; t < watch_targets(v->w); t++) {
		const struct snapshot *snap = item_snapshot(v->w, t, v->back,
							    &v->at.scope);

		if (snap && snap->lossy)
			return true;
	}
	return false;
}

/* Says how the rows of such an interval are wrong, as far as there is room. */
static void draw_lossy(const struct view *v)
{
	const char *say = "  LOSSY: rates too small, shares of the rest";

	if (!is_lossy(v))
		return;
	if (getcurx(stdscr) + (int)strlen(say) > COLS - SORT_CELLS)
		say = "  LOSSY";
	attrset(A_BOLD | color(v, 2));
	addstr(say);
	attrset(A_NORMAL);
}

/* As far as it is true of the rows that are shown. */
static void draw_place(struct view *v)
{
	enum panel_level level = panels[v->at.panel]->level;
	const struct scope *at = &v->at.scope;
	const struct table_choice *choice = view_choice(v);
	char name[ITEM_NAME_BYTES];
	const struct snapshot *snap = at->target == SNAPSHOT_ALL ? NULL :
		watch_past(v->w, at->target, v->back);

	mvaddstr(2, 0, "all");
	if (snap && at->vm != SNAPSHOT_ALL && level >= PANEL_OF_VM) {
		item_vm_name(name, sizeof(name), snap, at->vm);
		printw(" > %s", name);
	}
	if (at->vcpu != SNAPSHOT_ALL && level >= PANEL_OF_VCPU)
		printw(" > vCPU %d", at->vcpu);
	if (at->reason != SNAPSHOT_ALL && level >= PANEL_OF_REASON)
		printw(" > %s", event_exit_reason_name(at->reason));
	draw_lossy(v);
	mvprintw(2, COLS - SORT_CELLS, "%*s", SORT_CELLS, "");
	mvprintw(2, COLS - 8 - (int)strlen(choice->sort->heading),
		 "sort: %s %c", choice->sort->heading,
		 choice->ascending ? '^' : 'v');
}

/* extra: what other columns leave for those that have use for it. */
static int column_cells(const struct column *c, int extra)
{
	int width = c->width < 0 ? -c->width : c->width;

	return c->kind == COLUMN_NAME ? width + extra : width;
}

/* As many columns as fit; what is left over goes to names. */
static size_t columns_fit(const struct table_choice *choice, int *extra)
{
	int left = COLS < LINE_CELLS ? COLS : LINE_CELLS;
	size_t n;

	*extra = 0;
	for (n = 0; n < choice->columns; n++) {
		int width = column_cells(choice->column[n], 0) + !!n;

		if (width > left)
			return n;
		left -= width;
	}
	*extra = left;
	return n;
}

/*
 * A row is handed to curses as a whole: there, every call has a price. All
 * cells together are LINE_CELLS at most.
 */
struct line {
	char text[LINE_CELLS * CELL_BYTES + 1];
	size_t bytes;
};

static void line_pad(struct line *line, int cells)
{
	if (cells > 0) {
		memset(line->text + line->bytes, ' ', cells);
		line->bytes += cells;
	}
}

static void line_cell(struct line *line, const struct column *c,
		      const char *text, bool last, int extra)
{
	int width = column_cells(c, extra), cells = text_cells(text);
	size_t bytes = strlen(text);

	if (c->width > 0)
		line_pad(line, width - cells);
	/* only plain text can be too long */
	if (cells > width)
		bytes = width;
	memcpy(line->text + line->bytes, text, bytes);
	line->bytes += bytes;
	if (c->width < 0)
		line_pad(line, width - cells);
	line_pad(line, !last);
}

const struct column *draw_column_at(struct view *v, int x)
{
	const struct table_choice *choice = view_choice(v);
	int extra, end = 0;
	size_t fit = columns_fit(choice, &extra);

	for (size_t i = 0; i < fit; i++) {
		const struct column *c = choice->column[i];

		end += column_cells(c, extra) + 1;
		if (x < end)
			return c;
	}
	return NULL;
}

/* Hands plain text over as cells: curses need not look at each byte. */
static void line_show(struct line *line, attr_t attr)
{
	chtype cell[LINE_CELLS];
	size_t n = 0;

	while (n < line->bytes && !(line->text[n] & 0x80)) {
		cell[n] = (chtype)line->text[n] | attr;
		n++;
	}
	attrset(attr);
	if (n == line->bytes)
		addchnstr(cell, n);
	else
		addnstr(line->text, line->bytes);
	attrset(A_NORMAL);
	line->bytes = 0;
}

static void draw_headings(struct view *v)
{
	const struct table_choice *choice = view_choice(v);
	int extra, at = 0;
	size_t fit = columns_fit(choice, &extra);
	struct line line;

	line.bytes = 0;
	for (size_t i = 0; i < fit; i++) {
		const struct column *c = choice->column[i];

		line_cell(&line, c, c->heading, i + 1 == fit, extra);
		move(VIEW_HEADINGS_AT, at);
		at += line.bytes;
		line_show(&line, A_BOLD | color(v, 1) |
			  (c == choice->sort ? A_UNDERLINE : 0));
	}
}

static void draw_row(struct view *v, const struct item *item, int at,
		     bool selected)
{
	const struct table_choice *choice = view_choice(v);
	char text[COLUMN_TEXT_BYTES];
	int extra;
	size_t fit = columns_fit(choice, &extra);
	struct line line;

	line.bytes = 0;
	for (size_t i = 0; i < fit; i++) {
		column_print(choice->column[i], item, text, sizeof(text));
		line_cell(&line, choice->column[i], text, i + 1 == fit, extra);
	}
	move(at, 0);
	line_show(&line, selected ? A_REVERSE : A_NORMAL);
}

static void draw_rows(struct view *v, int lines)
{
	size_t rows = v->table.rows.count;

	v->rows_shown = lines;
	if (v->cursor < v->top)
		v->top = v->cursor;
	if (v->cursor >= v->top + v->rows_shown)
		v->top = v->cursor - v->rows_shown + 1;
	if (!rows)
		mvprintw(VIEW_ROWS_AT, 0, "(%s)", !watch_pasts(v->w) ?
			 "waiting for the first interval" : *v->filter ?
			 "no row matches the filter" :
			 view_panel(v)->empty);
	for (size_t i = v->top; i < rows && i < v->top + v->rows_shown; i++)
		draw_row(v, table_row(&v->table, i), VIEW_ROWS_AT + (int)(i - v->top),
			 i == v->cursor);
}

/* The powers of two that the selected row's costs fall into. */
struct spread {
	uint64_t count[SNAPSHOT_LOG2];
	int first, last;
	uint64_t most;
};

/* Fits the costs into that many lines; short ones share the first. */
static struct spread spread_of(const struct item *item, int lines)
{
	struct spread s = { .first = SNAPSHOT_LOG2 };

	for (int i = 0; i < SNAPSHOT_LOG2; i++) {
		if (!item->cost.log2[i])
			continue;
		if (s.first == SNAPSHOT_LOG2)
			s.first = i;
		s.last = i;
	}
	if (s.last - s.first >= lines)
		s.first = s.last - lines + 1;
	for (int i = 0; i <= s.last; i++)
		s.count[i < s.first ? s.first : i] += item->cost.log2[i];
	for (int i = s.first; i <= s.last; i++)
		if (s.count[i] > s.most)
			s.most = s.count[i];
	return s;
}

static void draw_histogram(const struct view *v, int at, int lines)
{
	const struct item *item = table_row(&v->table, v->cursor);
	const struct spread s = spread_of(item, lines - 1);

	attrset(A_BOLD);
	mvprintw(at, 0, "%s: how long it took", item->at.reason < 0 ? "calls" :
		 event_exit_reason_name(item->at.reason));
	attrset(A_NORMAL);
	for (int i = s.first; i <= s.last; i++) {
		double ns = (i ? 1ull << i : 1) * 1e6 / item->snap->tsc_khz;
		int bar = (double)s.count[i] / s.most * (COLS - 32);

		mvprintw(at + 1 + i - s.first, 0, "< %9.3f us %9" PRIu64 " ",
			 ns / 1e3, s.count[i]);
		attrset(color(v, 3));
		for (int b = 0; b < bar || (!b && s.count[i]); b++)
			addch('#');
		attrset(A_NORMAL);
	}
}

static void draw_losses(const struct view *v)
{
	uint64_t missed = 0, missed_now = 0, waiting = 0;

	for (size_t t = 0; t < watch_targets(v->w); t++) {
		const struct snapshot *snap = watch_past(v->w, t, v->back);

		if (!snap)
			continue;
		missed += snap->missed_total;
		missed_now += snap->missed;
		if (snap->waiting > waiting)
			waiting = snap->waiting;
	}
	attrset(missed ? A_BOLD | color(v, 2) : A_NORMAL);
	mvprintw(LINES - 1, 0, "missed %" PRIu64, missed);
	if (missed_now)
		printw(" (+%" PRIu64 ")", missed_now);
	attrset(A_NORMAL);
	printw("  lag %" PRIu64, waiting);
}

/* Shows the end of an answer that is too long: typing goes on there. */
static void draw_prompt(const struct view *v)
{
	int room = COLS - (int)strlen(v->question) - (int)strlen(": _");
	int typed = strlen(v->answer);

	text_put(LINES - 1, 0, "%s: %s_", v->question,
		 v->answer + (typed > room ? typed - room : 0));
}

/* Losses stand there always; our own cost gives way to what is longer. */
static void draw_status(const struct view *v, const struct watch_status *s)
{
	char recorded[RECORDING_TEXT_BYTES], cost[64];
	const char *say = "h help";

	if (v->mode == VIEW_PROMPT) {
		draw_prompt(v);
		return;
	}
	if (v->message)
		say = v->message;
	else if (recordings_say(v, recorded, sizeof(recorded)))
		say = recorded;
	else if (*s->note)
		say = s->note;
	draw_losses(v);
	snprintf(cost, sizeof(cost), "  vmtop %.1f%% CPU, %.1f MiB",
		 100 * s->own_cpu, s->own_bytes / (1 << 20));
	if (getcurx(stdscr) + text_cells(cost) + 2 + text_cells(say) <= COLS)
		addstr(cost);
	addstr("  ");
	addnstr(say, COLS);
}

/* 0: there is no room for it, or nothing to show. */
static int histogram_lines(const struct view *v, int lines)
{
	if (LINES < HISTOGRAM_ABOVE || !v->table.rows.count ||
	    !view_panel(v)->histogram)
		return 0;
	return v->table.rows.count + HISTOGRAM_TALL <= (size_t)lines ?
		HISTOGRAM_TALL : HISTOGRAM_LINES;
}

static void draw_panel(struct view *v)
{
	int lines = LINES - VIEW_ROWS_AT - BELOW;
	int histogram = histogram_lines(v, lines);

	draw_place(v);
	draw_headings(v);
	draw_rows(v, lines - histogram);
	if (histogram)
		draw_histogram(v, LINES - BELOW - histogram, histogram);
}

void draw_screen(struct view *v)
{
	struct watch_status status;

	watch_status(v->w, &status);
	erase();
	if (COLS < TERMINAL_COLUMNS_MIN || LINES < TERMINAL_LINES_MIN) {
		mvprintw(0, 0, "too small: %dx%d, needs %dx%d", COLS, LINES,
			 TERMINAL_COLUMNS_MIN, TERMINAL_LINES_MIN);
		refresh();
		return;
	}
	draw_title(v, &status);
	if (v->mode == VIEW_HELP) {
		draw_help(v);
	} else if (v->mode == VIEW_FIELDS) {
		draw_fields(v);
	} else {
		draw_panels(v);
		draw_panel(v);
	}
	draw_status(v, &status);
	refresh();
}
