/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by guest function and reason; vCPUs are added up.
 */
#include "vmtop/table/panel.h"

#include <errno.h>

#include "exit-analyzer/stats/row_table.h"

/*
 * The row of the same function and reason, of whatever vCPU, if there is one
 * since `first`; else a new one.
 */
static int symbol_item(struct item_list *list, size_t first,
		       struct row_table *seen, const struct watch *w,
		       size_t target, size_t back,
		       const struct snapshot_symbol *s)
{
	uint64_t key[] = {
		(uint64_t)s->vm << 32 | s->reason, (uintptr_t)s->name,
		(uintptr_t)s->module, s->address,
	};
	ssize_t row = row_table_find(seen, key);
	struct item *item;

	if (row < 0)
		return row;
	if (first + row == list->count) {
		item = item_add(list, w, target, back);
		if (!item)
			return -ENOMEM;
		item->at.vm = s->vm;
		item->at.reason = s->reason;
		item->symbol = s;
	}
	item = &list->item[first + row];
	item->cost.count += s->count;
	item->cost.cycles += s->cycles;
	if (s->max_cycles > item->cost.max)
		item->cost.max = s->max_cycles;
	return 0;
}

static int target_items(struct item_list *list, const struct watch *w,
			size_t target, size_t back, const struct scope *scope)
{
	const struct snapshot *snap = item_snapshot(w, target, back, scope);
	size_t first = list->count;
	struct row_table seen;
	int err;

	if (!snap)
		return 0;
	err = row_table_init(&seen, 4);
	for (size_t i = 0; !err && i < snap->symbols; i++) {
		const struct snapshot_symbol *s = &snap->symbol[i];

		if (scope_has(scope->vm, s->vm) &&
		    scope_has(scope->vcpu, s->vcpu) &&
		    scope_has(scope->reason, s->reason))
			err = symbol_item(list, first, &seen, w, target, back,
					  s);
	}
	row_table_exit(&seen);
	return err;
}

static int symbols_items(struct item_list *list, const struct watch *w,
			 size_t back, const struct scope *scope)
{
	int err = 0;

	for (size_t t = 0; !err && t < watch_targets(w); t++)
		err = target_items(list, w, t, back, scope);
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
