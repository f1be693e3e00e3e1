/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A panel: one kind of rows, from snapshots. Each is one file and one row of
 * the table in panel.c; what draws, sorts and prints them is common.
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
	const char *sort;	/* the column, at first, largest first */
	const char *empty;	/* said in place of rows */
	const char *next;	/* panel that Enter goes to; NULL: none */
	/* Adds the rows of the interval; 0 or -ENOMEM. */
	int (*items)(struct item_list *list, const struct watch *w,
		     size_t back, const struct scope *scope);
};

extern const struct panel panel_vms, panel_vcpus, panel_exits, panel_symbols,
	panel_tlb, panel_hypercalls, panel_devices, panel_processes;

#define PANELS 8
extern const struct panel *const panels[PANELS];

/* NULL: there is none. */
const struct panel *panel_find(const char *name);

#endif
