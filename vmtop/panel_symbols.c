/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by guest function and reason; vCPUs are added up.
 */
#include "vmtop/panel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void name_print(struct item *item, const struct snapshot_symbol *s)
{
	char name[ITEM_NAME_BYTES];

	if (!s->name)
		snprintf(name, sizeof(name), "0x%llx",
			 (unsigned long long)s->address);
	else if (s->module)
		snprintf(name, sizeof(name), "%s [%s]", s->name, s->module);
	else
		snprintf(name, sizeof(name), "%s", s->name);
	item_safe_text(item->name, sizeof(item->name), name);
}

static int symbol_item(struct item_list *list, const struct watch *w,
		       size_t target, size_t back,
		       const struct snapshot_symbol *s)
{
	struct item *item = item_add(list, w, target, back);

	if (!item)
		return -ENOMEM;
	item->at.vm = s->vm;
	item->at.reason = s->reason;
	item->cost.count = s->count;
	item->cost.cycles = s->cycles;
	item->cost.max = s->max_cycles;
	name_print(item, s);
	return 0;
}

static int item_compare(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = x->at.vm - y->at.vm;

	if (!order)
		order = x->at.reason - y->at.reason;
	return order ? order : strcmp(x->name, y->name);
}

/* Rows that differ in the vCPU alone become one. */
static void items_merge(struct item_list *list, size_t first)
{
	size_t kept = first;

	if (list->count - first < 2)
		return;
	qsort(&list->item[first], list->count - first, sizeof(*list->item),
	      item_compare);
	for (size_t i = first + 1; i < list->count; i++) {
		struct item *to = &list->item[kept], *from = &list->item[i];

		if (item_compare(to, from)) {
			list->item[++kept] = *from;
			continue;
		}
		to->cost.count += from->cost.count;
		to->cost.cycles += from->cost.cycles;
		if (from->cost.max > to->cost.max)
			to->cost.max = from->cost.max;
	}
	list->count = kept + 1;
}

static int symbols_items(struct item_list *list, const struct watch *w,
			 size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; t < watch_targets(w); t++) {
		const struct snapshot *snap = item_snapshot(w, t, back, scope);
		size_t first = list->count;

		for (size_t i = 0; !err && snap && i < snap->symbols; i++) {
			const struct snapshot_symbol *s = &snap->symbol[i];

			if (scope_has(scope->vm, s->vm) &&
			    scope_has(scope->vcpu, s->vcpu) &&
			    scope_has(scope->reason, s->reason))
				err = symbol_item(list, w, t, back, s);
		}
		items_merge(list, first);
		panel_sum(list, first);
	}
	return err;
}

const struct panel panel_symbols = {
	.key = '4',
	.name = "symbols",
	.title = "Symbols",
	.level = PANEL_OF_REASON,
	.fields = "symbol,reason,rate,share,time,mean,max",
	.more = "machine,vm,count",
	.sort = "time",
	.empty = "no exits in this interval",
	.items = symbols_items,
};
