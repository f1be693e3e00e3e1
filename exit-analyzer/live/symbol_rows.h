/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by function, reason and vCPU: what the places in the guest (places.h)
 * become when an interval ends.
 */
#ifndef EXIT_ANALYZER_LIVE_SYMBOL_ROWS_H
#define EXIT_ANALYZER_LIVE_SYMBOL_ROWS_H

#include "exit-analyzer/stats/row_table.h"
#include "exit-analyzer/stats/symbol_index.h"
#include "exit-analyzer/live/places.h"
#include "exit-analyzer/live/snapshot.h"

struct symbol_rows {
	/* rows of the interval, by symbol or address, and whose they are */
	struct row_table table;
	struct snapshot_symbol *row;
	size_t rows_max;
	struct symbol_index *symbols;
	void *names;		/* a tree of those in rows: they outlive symbols */
};

/* Whose places they are. */
struct symbol_rows_owner {
	unsigned int vm, vcpu, reason;
};

/* 0 or -ENOMEM. */
int symbol_rows_init(struct symbol_rows *s);
void symbol_rows_exit(struct symbol_rows *s);
/*
 * Tables of each VM, NULL: none; borrowed until others take their place. The
 * names in rows live as long as `s`. Rows begin anew: places that belonged to
 * one must be PLACE_NEW from now on. 0 or -ENOMEM.
 */
int symbol_rows_use(struct symbol_rows *s,
		    const struct symtab *const symtab[ANCHOR_VMS_MAX]);
/* Rows begin anew, with the same symbols. 0 or -ENOMEM. */
int symbol_rows_forget(struct symbol_rows *s);
/* What a place counted goes to its row. 0 or a negative errno. */
int symbol_rows_settle(struct symbol_rows *s,
		       const struct symbol_rows_owner *owner,
		       const struct places *places, struct place *place);
/*
 * The interval's rows, most cycles first; at most `most`, the rest added up
 * in rows named "[others]". The next interval begins. Caller frees *rows.
 */
int symbol_rows_collect(struct symbol_rows *s, size_t most,
			struct snapshot_symbol **rows, size_t *count);

#endif
