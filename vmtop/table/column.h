/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of all panels (columns.def): their values and how they print.
 */
#ifndef VMTOP_TABLE_COLUMN_H
#define VMTOP_TABLE_COLUMN_H

#include "vmtop/table/item.h"

#define COLUMN_TEXT_BYTES ITEM_NAME_BYTES

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NAME,		/* a text that takes all the room that is left */
	COLUMN_NUMBER,
	COLUMN_RATE,
	COLUMN_PERCENT,
	COLUMN_CYCLES,		/* printed as time */
	COLUMN_BYTES,
	COLUMN_CHART,		/* a text that shows numbers, sorted by number */
};

/* As the column's kind is; a chart has both. */
struct value {
	double number;		/* NAN: not known */
	char text[COLUMN_TEXT_BYTES];
};

struct column {
	const char *name, *heading, *help;
	int width;		/* negative: to the left */
	enum column_kind kind;
	void (*get)(const struct item *item, struct value *v);
};

/* Ends with a row whose name is NULL. */
extern const struct column columns[];

static inline bool column_is_text(const struct column *c)
{
	return c->kind == COLUMN_TEXT || c->kind == COLUMN_NAME;
}

/* NULL: there is none. */
const struct column *column_find(const char *name, size_t length);
/* The value as text, without padding. */
void column_print(const struct column *c, const struct item *item, char *to,
		  size_t bytes);

#endif
