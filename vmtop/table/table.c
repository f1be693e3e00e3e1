/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows that are equal in the column they are sorted by keep an order of their
 * own, so that they do not dance.
 */
#include "vmtop/table/table.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool list_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (*list) {
		size_t n = strcspn(list, ",");

		if (n == length && !memcmp(list, name, n))
			return true;
		list += n + !!list[n];
	}
	return false;
}

bool table_has(const struct panel *panel, const struct column *c)
{
	return list_has(panel->fields, c->name) ||
	       list_has(panel->more, c->name);
}

static bool choice_has(const struct table_choice *choice,
		       const struct column *c)
{
	for (size_t i = 0; i < choice->columns; i++)
		if (choice->column[i] == c)
			return true;
	return false;
}

int table_choose(struct table_choice *choice, const struct panel *panel,
		 const char *fields, char *bad, size_t bad_bytes)
{
	struct table_choice made = { .sort = choice->sort,
				     .ascending = choice->ascending };

	for (;;) {
		size_t n = strcspn(fields, ",");
		const struct column *c = column_find(fields, n);

		if (!c || !table_has(panel, c) || choice_has(&made, c)) {
			snprintf(bad, bad_bytes, "%.*s", (int)n, fields);
			return -EINVAL;
		}
		made.column[made.columns++] = c;
		if (!fields[n])
			break;
		fields += n + 1;
	}
	*choice = made;
	return 0;
}

void table_choice_default(struct table_choice *choice,
			  const struct panel *panel)
{
	char bad[32];

	*choice = (struct table_choice){
		.sort = column_find(panel->sort, strlen(panel->sort)),
	};
	table_choose(choice, panel, panel->fields, bad, sizeof(bad));
}

static bool row_shows(const struct table_choice *choice,
		      const struct item *item, const char *text)
{
	struct value v;

	for (size_t i = 0; i < choice->columns; i++) {
		if (!column_is_text(choice->column[i]))
			continue;
		choice->column[i]->get(item, &v);
		if (strcasestr(v.text, text))
			return true;
	}
	return false;
}

static void rows_filter(struct item_list *rows,
			const struct table_choice *choice, const char *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (row_shows(choice, &rows->item[i], filter))
			rows->item[kept++] = rows->item[i];
	rows->count = kept;
}

/* Adds up all rows, whichever of them are shown: they have shares of that. */
static void rows_sum(struct item_list *rows)
{
	uint64_t count = 0;
	double seconds = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct item *item = &rows->item[i];

		count += item->cost.count;
		seconds += item_seconds(item, item->cost.cycles);
	}
	for (size_t i = 0; i < rows->count; i++) {
		rows->item[i].all_count = count;
		rows->item[i].all_s = seconds;
	}
}

/* Room for one more text behind those of the rows before. */
static int text_keep(struct table *t, struct table_key *key, const char *text,
		     size_t *used)
{
	size_t bytes = strlen(text) + 1, max = 2 * t->text_max + bytes;
	char *grown;

	if (*used + bytes > t->text_max) {
		grown = realloc(t->text, max);
		if (!grown)
			return -ENOMEM;
		t->text = grown;
		t->text_max = max;
	}
	memcpy(t->text + *used, text, bytes);
	key->text = *used;
	*used += bytes;
	return 0;
}

static double number_key(const struct item *item, const struct column *c,
			 double number)
{
	if (isnan(number))
		return -INFINITY;
	return c->kind == COLUMN_CYCLES ? item_seconds(item, number) : number;
}

/* Asks for the value to sort by once a row, not once a comparison. */
static int keys_fill(struct table *t, const struct column *c)
{
	size_t used = 0;
	int err = 0;

	if (t->rows.count > t->keys_max) {
		struct table_key *grown = reallocarray(t->key, t->rows.max,
						       sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		t->key = grown;
		t->keys_max = t->rows.max;
	}
	for (size_t i = 0; !err && i < t->rows.count; i++) {
		struct table_key *key = &t->key[i];
		struct value v;

		*key = (struct table_key){ .row = i };
		c->get(&t->rows.item[i], &v);
		if (column_is_text(c))
			err = text_keep(t, key, v.text, &used);
		else
			key->number = number_key(&t->rows.item[i], c, v.number);
	}
	return err;
}

static int key_order(const struct table *t, const struct table_key *a,
		     const struct table_key *b)
{
	if (column_is_text(t->sort))
		return strcmp(t->text + a->text, t->text + b->text);
	return (a->number > b->number) - (a->number < b->number);
}

static int row_compare(const void *a, const void *b, void *table)
{
	const struct table_key *x = a, *y = b;
	const struct table *t = table;
	int order = key_order(t, x, y);

	if (!order)
		return item_order(&t->rows.item[x->row],
				  &t->rows.item[y->row]);
	return t->ascending ? order : -order;
}

int table_fill(struct table *t, const struct panel *panel,
	       const struct table_choice *choice, const struct watch *w,
	       size_t back, const struct scope *scope, const char *filter)
{
	int err;

	t->sort = choice->sort;
	t->ascending = choice->ascending;
	t->rows.count = 0;
	err = panel->items(&t->rows, w, back, scope);
	rows_sum(&t->rows);
	if (!err && filter && *filter)
		rows_filter(&t->rows, choice, filter);
	if (!err)
		err = keys_fill(t, choice->sort);
	if (err)
		t->rows.count = 0;
	else if (t->rows.count)
		qsort_r(t->key, t->rows.count, sizeof(*t->key), row_compare, t);
	return err;
}

const struct item *table_row(const struct table *t, size_t row)
{
	return &t->rows.item[t->key[row].row];
}

size_t table_find(const struct table *t, const struct item_key *like,
		  size_t otherwise)
{
	for (size_t i = 0; i < t->rows.count; i++)
		if (item_is(table_row(t, i), like))
			return i;
	return otherwise;
}

void table_exit(struct table *t)
{
	item_list_free(&t->rows);
	free(t->key);
	free(t->text);
	memset(t, 0, sizeof(*t));
}
