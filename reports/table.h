/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A result as rows and columns. Text, CSV and JSON all print from this, so a
 * column is described once: a sort key by its row of keys.def, all others in
 * one of the _table.c files.
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

enum report_column_kind {
	REPORT_TEXT,
	REPORT_COUNT,
	REPORT_HEX,
	REPORT_BOOL,
	REPORT_CYCLES,		/* text may show time or instructions instead */
	REPORT_PERCENT,		/* in hundredths */
};

struct report_cell {
	uint64_t number;
	struct key_text words;	/* REPORT_TEXT, or why there is no number */
	bool is_words;		/* print words, whatever the column's kind */
	bool missing;		/* programs read null, or an empty field */
};

/* Instead of a number that nobody knows. */
static inline void report_cell_unknown(struct report_cell *cell)
{
	cell->is_words = cell->missing = true;
	cell->words.text = "unknown";
}

struct report_table;

struct report_column {
	const char *name;	/* in CSV and JSON; NULL: not there */
	const char *heading;	/* in text; NULL: not there */
	int width;		/* in text, at least */
	enum report_column_kind kind;
	/* fills a zeroed cell */
	void (*get)(const struct report_table *t, const struct report_column *c,
		    size_t row, struct report_cell *cell);
};

#define REPORT_COLUMNS_MAX 48

struct report_table {
	const char *name;	/* in JSON */
	const struct report_column *column[REPORT_COLUMNS_MAX];
	size_t columns;
	size_t rows;		/* to print */
	size_t rows_left_out;	/* that there are beyond those */
	/* where getters look; set by the maker */
	struct summary_rows from;
	const struct summary_row *(*cost)(const struct report_table *t,
					  size_t row);
	uint64_t all_count, all_cycles;	/* what shares are of */
	uint64_t all_costless;	/* of all_count, those of unknown cost */
};

/* The first rows_max rows (0: all) of a summary. 0 or a negative errno. */
int table_of_exits(struct report_table *t, struct summary *s, size_t rows_max);
int table_of_tlb_flushes(struct report_table *t, struct summary *s);
int table_of_hypercalls(struct report_table *t, struct summary *s);

#define TABLE_CELL_BYTES 1024

/* Fills a cell; its texts live as long as the table's summary, or the cell. */
void table_get(const struct report_table *t, const struct report_column *c,
	       size_t row, struct report_cell *cell);
/* Words as they are printed, cut visibly if too long. Their length. */
size_t table_cell(const struct report_cell *v, char cell[TABLE_CELL_BYTES]);

/*
 * For the makers: columns of their own, one of a sort key that t->from has,
 * and those that every histogram has.
 */
void table_add_columns(struct report_table *t,
		       const struct report_column *columns, size_t count);
void table_add_key(struct report_table *t, enum key key);
void table_add_cost_columns(struct report_table *t);
/* The row's value of a key that t->from has. */
struct key_value table_key_value(const struct report_table *t, enum key key,
				 size_t row);

#endif
