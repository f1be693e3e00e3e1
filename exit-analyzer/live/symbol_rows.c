/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The function of a place is looked up once; then its row is known to the
 * place itself.
 */
#include "exit-analyzer/live/symbol_rows.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "exit-analyzer/stats/rows.h"

#define KEY_WORDS 2

static void rows_exit(struct symbol_rows *s)
{
	row_table_exit(&s->table);
	free(s->row);
	s->row = NULL;
	s->rows_max = 0;
}

int symbol_rows_init(struct symbol_rows *s)
{
	static const struct symtab *const none[ANCHOR_VMS_MAX];

	memset(s, 0, sizeof(*s));
	return symbol_rows_use(s, none);
}

void symbol_rows_exit(struct symbol_rows *s)
{
	rows_exit(s);
	symbol_index_free(s->symbols);
	s->symbols = NULL;
	tdestroy(s->names, free);
	s->names = NULL;
}

int symbol_rows_forget(struct symbol_rows *s)
{
	struct row_table table;

	if (row_table_init(&table, KEY_WORDS))
		return -ENOMEM;
	rows_exit(s);
	s->table = table;
	return 0;
}

int symbol_rows_use(struct symbol_rows *s,
		    const struct symtab *const symtab[ANCHOR_VMS_MAX])
{
	struct symbol_index *symbols = symbol_index_new(symtab);

	if (!symbols || symbol_rows_forget(s)) {
		symbol_index_free(symbols);
		return -ENOMEM;
	}
	symbol_index_free(s->symbols);
	s->symbols = symbols;
	return 0;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Our own copy; NULL: out of memory. */
static const char *name_keep(struct symbol_rows *s, const char *name)
{
	char **found = tfind(name, &s->names, name_compare);
	char *copy;

	if (found)
		return *found;
	copy = strdup(name);
	if (copy && !tsearch(copy, &s->names, name_compare)) {
		free(copy);
		return NULL;
	}
	return copy;
}

/* Of rows that several places share, however they came to. */
static const char others[] = "[others]";

/* What the number in a row's key is. */
enum key_kind {
	KEY_ADDRESS,
	KEY_SYMBOL,
	KEY_USER,
	KEY_OTHERS,
};

static int row_name(struct symbol_rows *s, struct snapshot_symbol *row,
		    enum key_kind kind, uint64_t number)
{
	struct symbol_index_name name = { 0 };

	if (kind == KEY_OTHERS) {
		row->name = others;
		return 0;
	}
	if (kind == KEY_USER)
		name.name = "[user]";
	else if (kind == KEY_SYMBOL)
		name = symbol_index_name(s->symbols, number);
	else
		row->address = number;
	row->name = name.name ? name_keep(s, name.name) : NULL;
	row->module = name.module ? name_keep(s, name.module) : NULL;
	return (name.name && !row->name) || (name.module && !row->module) ?
		-ENOMEM : 0;
}

static ssize_t row_find(struct symbol_rows *s,
			const struct symbol_rows_owner *owner,
			enum key_kind kind, uint64_t number)
{
	uint64_t key[KEY_WORDS] = { number, kind | owner->reason << 8 |
		owner->vcpu << 16 | (uint64_t)owner->vm << 32 };
	size_t rows = s->table.rows;
	struct snapshot_symbol *grown = rows_reserve(s->row, &s->rows_max,
						     rows, sizeof(*grown));
	ssize_t row;
	int err;

	if (!grown)
		return -ENOMEM;
	s->row = grown;
	row = row_table_find(&s->table, key);
	if (row < 0 || (size_t)row < rows)
		return row;
	s->row[row] = (struct snapshot_symbol){
		.vm = owner->vm, .vcpu = owner->vcpu, .reason = owner->reason };
	err = row_name(s, &s->row[row], kind, number);
	return err ? err : row;
}

static ssize_t place_row(struct symbol_rows *s,
			 const struct symbol_rows_owner *owner,
			 const struct places *places, const struct place *place)
{
	ssize_t symbol;

	if (place == &places->user)
		return row_find(s, owner, KEY_USER, 0);
	if (place == &places->others)
		return row_find(s, owner, KEY_OTHERS, 0);
	symbol = symbol_index_find(s->symbols, owner->vm, place->rip);
	if (symbol < 0)
		return symbol;
	return symbol == SYMBOL_INDEX_UNKNOWN ?
		row_find(s, owner, KEY_ADDRESS, place->rip) :
		row_find(s, owner, KEY_SYMBOL, symbol);
}

int symbol_rows_settle(struct symbol_rows *s,
		       const struct symbol_rows_owner *owner,
		       const struct places *places, struct place *place)
{
	struct snapshot_symbol *row;

	if (place->row == PLACE_NEW) {
		ssize_t found = place_row(s, owner, places, place);

		if (found < 0)
			return found;
		place->row = found + PLACE_ROWS;
	}
	row = &s->row[place->row - PLACE_ROWS];
	row->count += place->count;
	row->cycles += place->cycles;
	if (place->max_cycles > row->max_cycles)
		row->max_cycles = place->max_cycles;
	place->count = 0;
	place->cycles = 0;
	place->max_cycles = 0;
	return 0;
}

static int row_compare(const void *a, const void *b)
{
	const struct snapshot_symbol *x = a, *y = b;

	return (y->cycles > x->cycles) - (y->cycles < x->cycles);
}

static bool rows_alike(const struct snapshot_symbol *a,
		       const struct snapshot_symbol *b)
{
	return a->vm == b->vm && a->vcpu == b->vcpu && a->reason == b->reason;
}

/* Rows beyond `most` become one row for each vCPU and reason. */
static size_t rows_fold(struct snapshot_symbol *rows, size_t count, size_t most)
{
	size_t kept = most, i;

	for (size_t from = most; from < count; from++) {
		struct snapshot_symbol row = rows[from];

		for (i = most; i < kept && !rows_alike(&rows[i], &row); i++)
			;
		if (i < kept) {
			rows[i].count += row.count;
			rows[i].cycles += row.cycles;
			if (row.max_cycles > rows[i].max_cycles)
				rows[i].max_cycles = row.max_cycles;
			continue;
		}
		row.name = others;
		row.module = NULL;
		row.address = 0;
		rows[kept++] = row;
	}
	return kept;
}

int symbol_rows_collect(struct symbol_rows *s, size_t most,
			struct snapshot_symbol **rows, size_t *count)
{
	struct snapshot_symbol *list = calloc(s->table.rows + 1, sizeof(*list));
	struct snapshot_symbol *shrunk;
	size_t n = 0;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < s->table.rows; i++) {
		struct snapshot_symbol *row = &s->row[i];

		if (!row->count)
			continue;
		list[n++] = *row;
		row->count = 0;
		row->cycles = 0;
		row->max_cycles = 0;
	}
	qsort(list, n, sizeof(*list), row_compare);
	if (n > most)
		n = rows_fold(list, n, most);
	shrunk = reallocarray(list, n + 1, sizeof(*list));
	*rows = shrunk ? shrunk : list;
	*count = n;
	return 0;
}
