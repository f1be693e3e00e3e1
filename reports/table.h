/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A result as rows and columns. Text, CSV and JSON all print from this, so a
 * column is described once: a row of an array in one of the _table.c files.
 *
 * Names and texts may come from a guest: table_cell() lets only printable
 * ASCII through.
 */
#ifndef REPORTS_TABLE_H
#define REPORTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit-analyzer/stats/summary.h"

enum column_kind {
	COLUMN_TEXT,
	COLUMN_COUNT,
	COLUMN_HEX,
	COLUMN_BOOL,
	COLUMN_CYCLES,		/* text may show time or instructions instead */
	COLUMN_PERCENT,		/* in hundredths */
};

struct value {
	uint64_t number;
	const char *text;	/* COLUMN_TEXT; NULL: number as an address */
	const char *tag;	/* not NULL: printed in brackets behind it */
};

struct table;

struct column {
	const char *name;	/* in CSV and JSON; NULL: not there */
	const char *heading;	/* in text; NULL: not there */
	int width;		/* in text, at least */
	enum column_kind kind;
	struct value (*get)(const struct table *t, const struct column *c,
			    size_t row);
};

#define TABLE_COLUMNS_MAX 32

struct table {
	const char *name;	/* in JSON */
	const struct column *column[TABLE_COLUMNS_MAX];
	size_t columns;
	size_t rows;		/* to print */
	size_t rows_left_out;	/* that there are beyond those */
	/* where getters look; set by the maker */
	struct summary *summary;
	const struct summary_row *const *exit;
	const struct summary_tlb_row *tlb;
	const struct summary_hypercall_row *hypercall;
	const struct histogram *(*cost)(const struct table *t, size_t row);
	uint64_t all_count, all_cycles;	/* what shares are of */
};

/* The first rows_max rows (0: all) of a summary. 0 or -ENOMEM. */
int table_of_exits(struct table *t, struct summary *s, size_t rows_max);
int table_of_tlb_flushes(struct table *t, struct summary *s);
int table_of_hypercalls(struct table *t, struct summary *s);

#define TABLE_CELL_BYTES 1024

/* A text or address as it is printed, cut visibly if too long. Its length. */
size_t table_cell(const struct value *v, char cell[TABLE_CELL_BYTES]);
/* A guest's or a file's text made fit to print; as strlcpy otherwise. */
void table_print_safe(char *to, size_t bytes, const char *from);

/* For the makers; the second adds what every histogram has. */
void table_add_columns(struct table *t, const struct column *columns,
		       size_t count);
void table_add_cost_columns(struct table *t);

#endif
