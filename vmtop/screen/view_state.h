/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of the live view, for the files that draw it and take its keys.
 */
#ifndef VMTOP_SCREEN_VIEW_STATE_H
#define VMTOP_SCREEN_VIEW_STATE_H

#include <limits.h>
#include <stdbool.h>

#include "vmtop/watch/recording.h"
#include "vmtop/table/table.h"
#include "vmtop/watch/watch.h"

#define VIEW_TEXT_BYTES		128

/* Lines of the screen. */
#define VIEW_PANELS_AT		1
#define VIEW_HEADINGS_AT	3
#define VIEW_ROWS_AT		4
#define VIEW_FIELDS_AT		3

enum view_mode {
	VIEW_ROWS,
	VIEW_HELP,
	VIEW_FIELDS,
	VIEW_PROMPT,
};

/* Where Esc goes back to. */
struct view_place {
	size_t panel;
	struct scope scope;
	struct item_key selected;
	bool has_selected;
	char machine[NAME_MAX + 1];	/* that the scope is in, if in one */
};

struct view {
	struct watch *w;
	enum view_mode mode;
	bool quit;
	double delay_s;

	struct table_choice choice[PANELS];
	struct table table;
	struct view_place at;
	struct view_place *trail;	/* from where each Enter went in */
	size_t depth, trail_max;
	size_t cursor, top;	/* rows of the table */
	size_t rows_shown;	/* by the last draw */
	char filter[VIEW_TEXT_BYTES];

	bool paused;
	size_t back;		/* intervals before the newest */

	/* VIEW_HELP: the first line that is shown */
	size_t help;
	/* VIEW_FIELDS */
	size_t field;
	/* VIEW_PROMPT */
	const char *question;
	char answer[VIEW_TEXT_BYTES];
	void (*answered)(struct view *v, const char *answer);

	char *message;		/* until the next key; NULL: none */
	bool color;
	bool mouse;
	bool machines_named;
	bool replay;
	size_t symbols_of;	/* the machine whose symbols are next */
	bool symbols_seen;	/* all were asked for them once */

	struct recording **recording;	/* those that run */
	size_t recordings;
};

static inline const struct panel *view_panel(const struct view *v)
{
	return panels[v->at.panel];
}

static inline struct table_choice *view_choice(struct view *v)
{
	return &v->choice[v->at.panel];
}

/* Rows of what is looked at now; the cursor stays with its row. */
int view_fill(struct view *v);
void view_message(struct view *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* draw.c */
void draw_screen(struct view *v);
/* Return what stands in that place of its line; PANELS and NULL: nothing. */
size_t draw_panel_at(int x);
const struct column *draw_column_at(struct view *v, int x);
/* draw_overlay.c */
void draw_help(const struct view *v);
/* The last line that help may begin with; 0: all of it is shown. */
size_t help_last(void);
void draw_fields(const struct view *v);

/* keys.c: a key of curses. */
void key_press(struct view *v, int key);
void row_select(struct view *v, size_t row);
void row_select_by(struct view *v, long by);
void panel_show(struct view *v, size_t panel);
/* Once more: the other way round. */
void sort_by(struct view *v, const struct column *c);
#define VIEW_KEY_CODES 3
/* A key of the rows, as the help and vmtop(1) have it. */
struct view_key {
	const char *keys, *help;	/* NULL: part of the row before */
	int key[VIEW_KEY_CODES];	/* of curses; 0: no more */
	void (*press)(struct view *v, int by);	/* NULL ends the table */
	int by;
};
extern const struct view_key view_keys[];

/* fields.c: columns the panel has, those shown first; how many. */
size_t fields_list(const struct view *v,
		   const struct column *list[TABLE_COLUMNS]);
/* The first of them that the screen has room for. */
size_t fields_top(const struct view *v);
void fields_key(struct view *v, int key);
void fields_click(struct view *v, size_t line);

/* mouse.c */
void mouse_use(struct view *v, bool on);
void mouse_press(struct view *v);

/* recordings.c: begins or ends that of the selected row's machine. */
void recordings_turn(struct view *v);
/* true: one has ended, and a message says how. */
bool recordings_poll(struct view *v);
/* Tells what is being recorded; false: nothing is. */
bool recordings_say(const struct view *v, char *to, size_t bytes);
/* Ends them all and says how on stderr; false: not all are good. */
bool recordings_end(struct view *v);

/* settings.c */
void settings_load(struct view *v);
void settings_save(struct view *v);

#endif
