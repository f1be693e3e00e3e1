/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows that are equal in the column they are sorted by keep an order of their
 * own, so that they do not dance.
 */
#include "vmtop/table.h"

#include <errno.h>
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
	char cell[COLUMN_TEXT_BYTES];

	for (size_t i = 0; i < choice->columns; i++) {
		if (choice->column[i]->kind != COLUMN_TEXT)
			continue;
		column_print(choice->column[i], item, cell, sizeof(cell));
		if (strcasestr(cell, text))
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

static int item_order(const struct item *a, const struct item *b)
{
	const int order[] = {
		a->at.target - b->at.target, a->at.vm - b->at.vm,
		a->at.vcpu - b->at.vcpu, strcmp(a->name, b->name),
		a->at.reason - b->at.reason, a->asid - b->asid,
		a->tlb_cause - b->tlb_cause, a->tlb_scope - b->tlb_scope,
		a->guest - b->guest,
		(a->number > b->number) - (a->number < b->number),
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i])
			return order[i];
	return 0;
}

static int row_compare(const void *a, const void *b, void *choice_made)
{
	const struct table_choice *choice = choice_made;
	int order = column_compare(choice->sort, a, b);

	if (!order)
		return item_order(a, b);
	return choice->ascending ? order : -order;
}

int table_fill(struct table *t, const struct panel *panel,
	       const struct table_choice *choice, const struct watch *w,
	       size_t back, const struct scope *scope, const char *filter)
{
	struct table_choice sorted = *choice;
	int err;

	t->panel = panel;
	t->rows.count = 0;
	err = panel->items(&t->rows, w, back, scope);
	if (err)
		return err;
	if (filter && *filter)
		rows_filter(&t->rows, choice, filter);
	if (t->rows.count)
		qsort_r(t->rows.item, t->rows.count, sizeof(*t->rows.item),
			row_compare, &sorted);
	return 0;
}

size_t table_find(const struct table *t, const struct item *like,
		  size_t otherwise)
{
	for (size_t i = 0; i < t->rows.count; i++)
		if (!item_order(&t->rows.item[i], like))
			return i;
	return otherwise;
}

void table_exit(struct table *t)
{
	item_list_free(&t->rows);
}
