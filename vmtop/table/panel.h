/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A panel: one kind of rows, from snapshots. Each is one file and one row of
 * panels.def; what draws, sorts and prints them is common and knows none.
 */
#ifndef VMTOP_TABLE_PANEL_H
#define VMTOP_TABLE_PANEL_H

#include "vmtop/table/item.h"

/* How finely a panel's rows are told apart. */
enum panel_level {
	PANEL_OF_MACHINE,
	PANEL_OF_VM,
	PANEL_OF_VCPU,
	PANEL_OF_REASON,
};

struct panel {
	char key;		/* that shows it */
	const char *name;	/* in settings and JSON */
	const char *title;
	enum panel_level level;	/* what is chosen below that changes nothing */
	const char *fields;	/* columns (columns.def) at first ... */
	const char *more;	/* ... and those it has, too */
	const char *printed;	/* in place of fields, by -b; NULL: the same */
	const char *sort;	/* the column, at first, largest first */
	const char *empty;	/* said in place of rows */
	const struct panel *next;	/* where Enter goes; NULL: nowhere */
	bool histogram;		/* of the selected row's costs, below */
	/* Adds the rows of the interval; 0 or -ENOMEM. */
	int (*items)(struct item_list *list, const struct watch *w,
		     size_t back, const struct scope *scope);
};

/* panel_vms, ... */
#define PANEL(name) extern const struct panel panel_##name;
#include "vmtop/table/panels.def"

/* By the keys of --sort; it has a place on paper only, not on the screen. */
extern const struct panel panel_keys;

enum {
#define PANEL(name) PANEL_AT_##name,
#include "vmtop/table/panels.def"
	PANELS
};
extern const struct panel *const panels[PANELS];

#endif
