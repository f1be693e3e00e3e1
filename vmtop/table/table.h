/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of a panel as they are shown: filtered, sorted, with some of its
 * columns.
 */
#ifndef VMTOP_TABLE_TABLE_H
#define VMTOP_TABLE_TABLE_H

#include "vmtop/table/column.h"
#include "vmtop/table/panel.h"

/* How many columns there are. */
enum {
#define COLUMN(name, heading, width, kind, help) TABLE_COLUMN_##name,
#include "vmtop/table/columns.def"
	TABLE_COLUMNS
};

/* A person's choice of a panel's columns and order. */
struct table_choice {
	const struct column *column[TABLE_COLUMNS];
	size_t columns;
	const struct column *sort;
	bool ascending;
};

/* The value that a row is sorted by. */
struct table_key {
	double number;		/* that is not known: the least there is */
	size_t text;		/* where in the table's texts */
	size_t row;		/* of the list */
};

struct table {
	struct item_list rows;	/* as they came; table_row() has their order */
	/* Private Part */
	const struct column *sort;
	bool ascending;
	struct table_key *key;
	size_t keys_max;
	char *text;
	size_t text_max;
};

/* As the panel says. */
void table_choice_default(struct table_choice *choice,
			  const struct panel *panel);
/*
 * "vm,state,rate". 0, or -EINVAL and in *bad, cut to fit, the name that the
 * panel does not have or that stands there twice.
 */
int table_choose(struct table_choice *choice, const struct panel *panel,
		 const char *fields, char *bad, size_t bad_bytes);
bool table_has(const struct panel *panel, const struct column *c);

/* filter: rows that show it in any column of text; NULL or "": all. */
int table_fill(struct table *t, const struct panel *panel,
	       const struct table_choice *choice, const struct watch *w,
	       size_t back, const struct scope *scope, const char *filter);
/* row: below rows.count */
const struct item *table_row(const struct table *t, size_t row);
/* The row that stands for the same; `otherwise` where there is none. */
size_t table_find(const struct table *t, const struct item_key *like,
		  size_t otherwise);
void table_exit(struct table *t);

#endif
